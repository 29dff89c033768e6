import { expect, test } from "vitest";
import { createJoinLine, joinLineMax, sweepPageMax } from "./join-line.ts";

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `s${at}`);

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
  expect(line.sweepFrom("t")).toBe("");
  line.swept("t", names(sweepPageMax), 1);
  expect(line.sweepFrom("t")).toBe(`s${sweepPageMax - 1}`);
  line.swept("t", ["z"], 1);
  expect(line.sweepFrom("t")).toBeUndefined();
});

test("a session that finds no room is not forgotten: its tenant is swept again once there is some", () => {
  const line = createJoinLine();
  line.swept("t", [], 1);
  for (const session of names(joinLineMax + 1)) line.hold({ tenant: "t", session, committed: 1 });
  expect(line.size()).toBe(joinLineMax);
  expect(line.sweepFrom("t")).toBeUndefined();
  for (const entry of line.entries()) line.done(entry);
  expect(line.sweepFrom("t")).toBe("");
});
