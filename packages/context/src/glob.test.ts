import { expect, test } from "vitest";
import { globOf } from "./glob.ts";

test.each([
  ["r?", "rm", true],
  ["r?", "r", false],
  ["*", "", true],
  ["c*l", "curl", true],
  ["c*l", "curls", false],
  ["*u*l*", "curl", true],
  ["a*b*c", "abcbc", true],
  ["a*b*c", "abcb", false],
  ["[rx]m", "rm", true],
  ["[rx]m", "dm", false],
  ["[", "[", true],
  ["[a", "[a", true],
  ["***", "x", true],
  ["rm", "rm", true],
  ["rm", "rmdir", false],
])("%s could be %s: %s", (pattern, name, could) => {
  expect(globOf(pattern)(name)).toBe(could);
});
