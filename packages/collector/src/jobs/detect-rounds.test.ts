import { expect, test } from "vitest";
import { daysUntil } from "./detect-rounds.ts";

const now = "2026-11-23T00:10:00.000000000Z";

test("yesterday and today are always looked at", () => {
  expect(daysUntil(now, now)).toEqual(["2026-11-22", "2026-11-23"]);
  expect(daysUntil(now, "2026-11-22T23:59:00.000000000Z")).toEqual(["2026-11-22", "2026-11-23"]);
});

test("the days on which nobody ran, and the one on which somebody last did, are looked at too", () => {
  expect(daysUntil(now, "2026-11-20T23:59:00.000000000Z")).toEqual([
    "2026-11-20",
    "2026-11-21",
    "2026-11-22",
    "2026-11-23",
  ]);
});
