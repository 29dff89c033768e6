import { expect, test } from "vitest";
import { shippedRules } from "../detections/shipped-rules.ts";
import { shortMonth2 } from "./month.ts";
import { compareOrders } from "./run/compare-orders.ts";

/** How often the simulated job looks at what came. */
const everyMs = 3_600_000;
const how = { seed: 20_261_123, everyMs };

/** Told short, so that a difference can be read. */
const short = (texts: readonly string[]): readonly string[] =>
  texts.map((text) => text.slice(0, 300));

test("a month of which three in ten records are late by up to a day and one in twenty requests comes twice ends in the same actions and the same open findings", () => {
  const orders = compareOrders(shortMonth2, shippedRules, how);
  expect(orders.late / orders.records).toBeGreaterThan(0.3);
  expect(orders.doubled).toBeGreaterThan(0);
  expect(orders.differing.records).toEqual([]);
  expect(short(orders.differing.actions)).toEqual([]);
  expect(short(orders.differing.findings)).toEqual([]);
});
