import { expect, test } from "vitest";
import { dueOf } from "./finding-due.ts";

const friday = "2026-11-20T15:00:00.000000000Z";

test("a critical finding waits four hours, also over a weekend", () => {
  expect(dueOf("critical", friday)).toBe("2026-11-20T19:00:00.000000000Z");
});

test("the others wait for days on which people work", () => {
  expect(dueOf("high", friday)).toBe("2026-11-23T15:00:00.000000000Z");
  expect(dueOf("medium", friday)).toBe("2026-11-27T15:00:00.000000000Z");
  expect(dueOf("high", "2026-11-21T15:00:00.000000000Z")).toBe("2026-11-23T15:00:00.000000000Z");
});
