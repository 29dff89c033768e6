import type { PlacedRecord } from "@custody/model";
import { expect, test } from "vitest";
import { type GapDetail, gapChanges, gapsOf, type Judged, missingOf } from "./gap-records.ts";

const early = "2026-11-23T10:00:00.000000000Z";
const late = "2026-11-23T11:00:00.000000000Z";
const hole = { run: "", seenAt: early, knownSince: early };
const judged = (holes: readonly (readonly [number, number])[], basis: number): Judged => ({
  subject: "laptop",
  source: "s1",
  epoch: "",
  holes: holes.map(([from, to]) => ({ ...hole, from, to })),
  basis,
  cause: "unknown_vendor",
});

function recordOf(detail: GapDetail, kind = "internal"): PlacedRecord {
  const src = { id: "x", epoch: "", auth: { method: "internal", kind, subject: "custody" } };
  const body = { kind: "gap", detail };
  return { record: { class: "integrity", src, body } } as unknown as PlacedRecord;
}

const span = ({ from, to, status }: GapDetail): readonly string[] => [from, to, status];

test("a hole becomes a gap once it is old enough, and only once", () => {
  const young = gapChanges(judged([[3, 4]], 7), [], early);
  expect(young).toEqual([]);
  const opened = gapChanges(judged([[3, 4]], 7), [], late);
  expect(opened.map(span)).toEqual([["3", "4", "open"]]);
  expect(gapChanges(judged([[3, 4]], 9), opened, late)).toEqual([]);
});

test("late records close a gap, and what is left of it is a gap of its own", () => {
  const opened = gapChanges(judged([[3, 6]], 7), [], late);
  const after = gapChanges(
    judged(
      [
        [3, 3],
        [5, 6],
      ],
      8,
    ),
    opened,
    late,
  );
  expect(after.map(span)).toEqual([
    ["3", "3", "open"],
    ["5", "6", "open"],
    ["3", "6", "closed"],
  ]);
});

test("of several records of one gap the one with more knowledge counts, whatever order they are read in", () => {
  const [open] = gapChanges(judged([[3, 4]], 7), [], late);
  if (open === undefined) throw new Error("no gap");
  const closed = { ...open, status: "closed" as const, basis: 9 };
  for (const order of [
    [open, closed],
    [closed, open],
  ]) {
    expect(gapsOf(order.map((detail) => recordOf(detail))).map(span)).toEqual([
      ["3", "4", "closed"],
    ]);
  }
});

test("nobody but the product says what a gap is", () => {
  const [open] = gapChanges(judged([[3, 4]], 7), [], late);
  if (open === undefined) throw new Error("no gap");
  expect(gapsOf([recordOf(open, "agent"), recordOf(open, "observer")])).toEqual([]);
});

test("a gap of another sender is left alone", () => {
  const opened = gapChanges(judged([[3, 4]], 7), [], late);
  expect(gapChanges({ ...judged([], 20), subject: "other" }, opened, late)).toEqual([]);
});

test("a gap leaves out as many numbers as it spans", () => {
  expect(missingOf({ from: "3", to: "6" })).toBe(4);
});
