import { expect, test } from "vitest";
import { createRecentNames } from "./recent-names.ts";

test("names are remembered for each tenant, and the one not heard of for longest is forgotten first", () => {
  const names = createRecentNames(2);
  for (const name of ["a", "b", "a", "c"]) names.add("t", name);
  expect(["a", "b", "c"].map((name) => names.has("t", name))).toEqual([true, false, true]);
  expect(names.has("other", "a")).toBe(false);
});
