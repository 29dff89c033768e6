import { expect, test } from "vitest";
import { createJoinLine, joinLineMax, sweepPageMax } from "./join-line.ts";

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `s${at}`);
const stored = { committed: 1, stored: 1 };

test("a session that got another record while it was looked at stays in line", () => {
  const line = createJoinLine();
  const first = { tenant: "t", session: "s", committed: 1 };
  line.hold(first);
  line.hold({ ...first, committed: 2 });
  line.done(first);
  expect(line.entries()).toEqual([{ ...first, committed: 2 }]);
});

test("a tenant is swept from the beginning, page by page, until a page is short", () => {
  const line = createJoinLine();
  expect(line.isSwept("t")).toBe(false);
  expect(line.sweepFrom("t", stored)).toBe("");
  line.swept("t", names(sweepPageMax), 1);
  expect(line.sweepFrom("t", stored)).toBe(`s${sweepPageMax - 1}`);
  expect(line.isSwept("t")).toBe(false);
  line.swept("t", ["z"], 1);
  expect(line.sweepFrom("t", stored)).toBeUndefined();
  expect(line.isSwept("t")).toBe(true);
});

test("a sweep waits until what was journalled before it is stored, and not for what comes in meanwhile", () => {
  const line = createJoinLine();
  expect(line.sweepFrom("t", { committed: 100, stored: 40 })).toBeUndefined();
  expect(line.sweepFrom("t", { committed: 200, stored: 99 })).toBeUndefined();
  expect(line.sweepFrom("t", { committed: 300, stored: 100 })).toBe("");
});

test("a session of which more is on its way is not looked at before that is stored because a sweep found it too", () => {
  const line = createJoinLine();
  line.hold({ tenant: "t", session: "s", committed: 9 });
  expect(line.sweepFrom("t", stored)).toBe("");
  line.swept("t", ["s"], 1);
  expect(line.entries()).toEqual([{ tenant: "t", session: "s", committed: 9 }]);
});

test("a session that finds no room is not forgotten: its tenant is swept again once there is some", () => {
  const line = createJoinLine();
  line.sweepFrom("t", stored);
  line.swept("t", [], 1);
  for (const session of names(joinLineMax + 1)) line.hold({ tenant: "t", session, committed: 1 });
  expect(line.size()).toBe(joinLineMax);
  expect(line.sweepFrom("t", stored)).toBeUndefined();
  expect(line.isSwept("t")).toBe(false);
  for (const entry of line.entries()) line.done(entry);
  expect(line.sweepFrom("t", stored)).toBe("");
});

test("a session that finds no room while a page is read makes the sweep begin anew", () => {
  const line = createJoinLine();
  expect(line.sweepFrom("t", stored)).toBe("");
  for (const session of names(joinLineMax + 1)) line.hold({ tenant: "t", session, committed: 1 });
  line.swept("t", ["z"], 1);
  for (const entry of line.entries()) line.done(entry);
  expect(line.isSwept("t")).toBe(false);
  expect(line.sweepFrom("t", stored)).toBe("");
});
