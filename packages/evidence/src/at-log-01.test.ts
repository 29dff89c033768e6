import { afterAll, beforeAll, expect, test } from "vitest";
import {
  at,
  credentials,
  type FixtureRecord,
  type FixtureStore,
  itemsOf,
  openFixtureStore,
} from "./fixture-store.test-suite.ts";

function verified(day: string, result: string, ts: string): FixtureRecord {
  return {
    class: "integrity",
    ts,
    auth: credentials.own,
    grade: "derived",
    body: { kind: "verify", detail: { day, result } },
  };
}

let store: FixtureStore;
beforeAll(() => {
  store = openFixtureStore();
});
afterAll(() => store.close());

test("days come from the calendar; a later success erases no failure, and a verification long after the day is none", async () => {
  const records = [
    verified("2026-11-01", "ok", at("01:00", "2026-11-02")),
    verified("2026-11-02", "failed", at("01:00", "2026-11-03")),
    verified("2026-11-02", "ok", at("02:00", "2026-11-03")),
    verified("2026-11-04", "ok", at("23:59:59", "2026-11-05")),
    verified("2026-11-05", "ok", at("00:00", "2026-11-07")),
    { ...verified("2026-11-06", "ok", at("01:00", "2026-11-07")), auth: credentials.agent },
  ];
  const items = await itemsOf(store, "AT-LOG-01", records, {
    scope: { period: { start: at("00:00", "2026-11-01"), end: at("12:00", "2026-11-07") } },
  });
  const found = [...items.values()].map(({ item, inScope, codes }) => [item, inScope, ...codes]);
  expect(found).toEqual([
    ["2026-11-01", true],
    ["2026-11-02", true, "LOG01-FAILED"],
    ["2026-11-03", true, "LOG01-NOTRUN"],
    ["2026-11-04", true],
    ["2026-11-05", true, "LOG01-NOTRUN"],
    ["2026-11-06", true, "LOG01-NOTRUN"],
    ["2026-11-07", false, "LOG01-NOTRUN"],
  ]);
});
