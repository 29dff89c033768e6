import { expect, test } from "vitest";
import { at } from "../../../test/support/placed-record.ts";
import { approvalPace, type PacedApproval } from "./index.ts";

const one = (second: number, over: Partial<PacedApproval> = {}): PacedApproval => ({
  approver: "bob",
  at: at(second),
  tier: 2,
  latency_ms: 4_000,
  ...over,
});

const many = (count: number, every: number, over: Partial<PacedApproval> = {}) =>
  Array.from({ length: count }, (_, n) => one(n * every, over));

const paceOf = (approvals: readonly PacedApproval[]) => approvalPace(approvals)[0];

test("twenty of tier 2 within ten minutes are a burst, nineteen are none, nor are twenty of tier 1", () => {
  expect(paceOf(many(20, 30))).toMatchObject({ burst_max: 20, signals: ["burst"] });
  expect(paceOf(many(19, 30))).toMatchObject({ burst_max: 19, signals: [] });
  expect(paceOf(many(20, 30, { tier: 1 }))).toMatchObject({ burst_max: 0, signals: [] });
  // Over eleven minutes no ten hold twenty of them.
  expect(paceOf(many(22, 33))).toMatchObject({ burst_max: 19, signals: [] });
});

test("a median below half a second over at least twenty is instant", () => {
  const quick = { latency_ms: 499, tier: 1 };
  expect(paceOf(many(20, 1_000, quick))).toMatchObject({
    latency_median_ms: 499,
    instant_permille: 1_000,
    signals: ["instant"],
  });
  expect(paceOf(many(19, 1_000, quick))).toMatchObject({ signals: [] });
  const half = [...many(20, 1_000, quick), ...many(21, 1_000, { tier: 1 })];
  expect(paceOf(half)).toMatchObject({ latency_median_ms: 4_000, instant_permille: 488 });
});

test("each person and each day is a row of its own, in any order of the input", () => {
  const approvals = [one(0), one(1, { approver: "ann" }), one(86_400)];
  const rows = approvalPace(approvals).map(({ approver, day, approvals: n }) => [approver, day, n]);
  expect(rows).toEqual([
    ["ann", "2026-11-23", 1],
    ["bob", "2026-11-23", 1],
    ["bob", "2026-11-24", 1],
  ]);
  expect(approvalPace([...approvals].reverse())).toEqual(approvalPace(approvals));
});

test("where no channel says how long it took, no figure is made up", () => {
  const { latency_ms: _, ...untimed } = one(0);
  expect(paceOf([untimed])).toMatchObject({
    timed: 0,
    latency_median_ms: null,
    instant_permille: null,
  });
});
