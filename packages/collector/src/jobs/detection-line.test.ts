import { expect, test } from "vitest";
import { createDetectionLine } from "./detection-line.ts";

const entry = { tenant: "t", session: "s", committed: 1 };

test("a session is looked at once it was quiet for a second, and one that is never quiet every fifteen", () => {
  const line = createDetectionLine();
  line.hold(entry, 0);
  expect(line.due(999)).toEqual([]);
  expect(line.due(1_000)).toEqual([entry]);
  for (let now = 0; now <= 14_500; now += 500) line.hold(entry, now);
  expect(line.due(14_600)).toEqual([]);
  line.hold(entry, 15_000);
  expect(line.due(15_000)).toEqual([entry]);
});

test("a long session rests for as long as it is, though more of it comes", () => {
  const line = createDetectionLine();
  line.hold(entry, 0);
  line.done(entry, 1_000, 50_000);
  line.hold({ ...entry, committed: 2 }, 1_100);
  expect(line.due(200_900)).toEqual([]);
  expect(line.due(201_000)).toEqual([{ ...entry, committed: 2 }]);
});

test("what came while a session was looked at keeps it in line, and waits anew", () => {
  const line = createDetectionLine();
  line.hold(entry, 0);
  const more = { ...entry, committed: 2 };
  line.hold(more, 1_000);
  line.done(entry, 1_200, 10);
  expect(line.due(2_100)).toEqual([]);
  expect(line.due(2_200)).toEqual([more]);
  line.done(more, 2_300, 10);
  expect(line.size()).toBe(0);
});

test("a look that failed is made again after a while, and what a sweep found at once", () => {
  const line = createDetectionLine();
  line.swept("t", ["s"], 1);
  const [swept] = line.due(5);
  expect(swept).toEqual(entry);
  if (swept) line.failed(swept, 5);
  expect(line.due(900)).toEqual([]);
  expect(line.due(1_005)).toEqual([entry]);
});

test("what a sweep found waits since nobody knows when, though more of it comes and its look fails", () => {
  const line = createDetectionLine();
  line.swept("t", ["s"], 1);
  expect(line.oldest("t")).toBe(Number.NEGATIVE_INFINITY);
  line.hold({ ...entry, committed: 2 }, 100);
  const [swept] = line.entries();
  if (swept) line.failed(swept, 200);
  expect(line.oldest("t")).toBe(Number.NEGATIVE_INFINITY);
  if (swept) line.done(swept, 300, 1);
  expect(line.oldest("t")).toBeUndefined();
});

test("a session whose look fails waits since it got in line", () => {
  const line = createDetectionLine();
  line.hold(entry, 100);
  for (const now of [2_000, 90_000]) {
    const [due] = line.due(now);
    if (due) line.failed(due, now);
  }
  expect(line.oldest("t")).toBe(100);
  expect(line.due(90_500)).toEqual([]);
  expect(line.due(91_000)).toEqual([entry]);
});

test("the longest wait of a tenant is known, so that a mark says no more than was looked at", () => {
  const line = createDetectionLine();
  expect(line.oldest("t")).toBeUndefined();
  line.hold(entry, 100);
  line.hold(entry, 900);
  line.hold({ ...entry, session: "s2" }, 50);
  line.hold({ ...entry, tenant: "other" }, 10);
  expect(line.oldest("t")).toBe(50);
});
