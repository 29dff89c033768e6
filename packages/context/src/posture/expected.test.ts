import type { KeyKind, PlacedRecord } from "@custody/model";
import { expect, test } from "vitest";
import { expectedIn } from "./expected.ts";
import { expectedParts, parseExpected } from "./expected-door.ts";

const day = (number: number): string =>
  `2026-11-${String(number).padStart(2, "0")}T00:00:00.000000000Z`;
const november = { from: day(1), to: day(30) };

function recordsOf(
  json: object,
  ts = day(2),
  subject = "mdm",
  kind: KeyKind = "observer",
): readonly PlacedRecord[] {
  const read = parseExpected(json);
  if (read.outcome !== "ok") throw new Error(read.reason);
  return expectedParts(read.list, JSON.stringify(json)).map((detail) => {
    const src = { id: subject, epoch: "", auth: { method: "bearer", kind, subject } };
    const body = { kind: "expected", detail };
    return { record: { class: "integrity", ts, rx: ts, src, body } } as unknown as PlacedRecord;
  });
}

const ids = (records: readonly PlacedRecord[], window = november): readonly string[] =>
  expectedIn(records, window).map(({ id }) => id);

test("a list replaces the one before it of the same observer as a whole, in whatever order they are read", () => {
  const first = recordsOf({ devices: [{ id: "a" }, { id: "b" }] }, day(2));
  const second = recordsOf({ devices: [{ id: "c" }] }, day(3));
  const other = recordsOf({ agents: [{ name: "codex", device: "a" }] }, day(1), "idp");
  expect(ids([...first, ...second, ...other])).toEqual(["codex", "c"]);
  expect(ids([...other, ...second, ...first])).toEqual(["codex", "c"]);
});

test("an empty list expects nobody any more", () => {
  const first = recordsOf({ devices: [{ id: "a" }] }, day(2));
  expect(ids([...first, ...recordsOf({}, day(3))])).toEqual([]);
});

test("an entry counts for the windows its span meets; without a start, from the day of its list", () => {
  const records = recordsOf(
    { devices: [{ id: "gone", since: day(1), until: day(5) }, { id: "stays" }] },
    day(3),
  );
  expect(ids(records, { from: day(5), to: day(6) })).toEqual(["stays"]);
  expect(ids(records, { from: day(1), to: day(2) })).toEqual(["gone"]);
});

test("a list of more entries than a record holds counts once all of its parts are there", () => {
  const devices = Array.from({ length: 100 }, (_, at) => ({ id: `d${at}` }));
  const records = recordsOf({ devices });
  expect(records.length).toBeGreaterThan(1);
  expect(ids(records)).toHaveLength(100);
  expect(ids(records.slice(1))).toEqual([]);
});

test("an agent's word about who is expected counts for nothing", () => {
  expect(ids(recordsOf({ devices: [{ id: "a" }] }, day(2), "mdm", "agent"))).toEqual([]);
});

test("what is not a list of those expected is refused by the name of its field", () => {
  expect(parseExpected({ device: [] })).toMatchObject({ outcome: "invalid" });
  expect(parseExpected({ devices: [{ id: "a", since: "yesterday" }] })).toEqual({
    outcome: "invalid",
    reason: "devices.0.since: not an RFC 3339 time",
  });
});
