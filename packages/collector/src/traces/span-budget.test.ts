import { expect, test } from "vitest";
import { createSpanBudget } from "./span-budget.ts";

test("each kind has its own number of spans a second, and the next that is told says how many were not", () => {
  let nowMs = 10_000;
  const budget = createSpanBudget(2, () => nowMs);
  expect([budget("store"), budget("store"), budget("store"), budget("store")]).toEqual([
    0,
    0,
    undefined,
    undefined,
  ]);
  expect(budget("seal")).toBe(0);
  nowMs += 1_000;
  expect([budget("store"), budget("store"), budget("store")]).toEqual([2, 0, undefined]);
});
