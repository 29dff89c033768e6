import fc from "fast-check";
import { expect, test } from "vitest";
import { byteLength } from "./byte-length.ts";

test("counts the bytes that the text takes in UTF-8", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(byteLength(text)).toBe(new TextEncoder().encode(text).length);
    }),
  );
});

test("counts a lone surrogate as the character that replaces it", () => {
  for (const text of ["\ud83d", "a\ude00b", "\ud83d\ud83d\ude00"]) {
    expect(byteLength(text)).toBe(new TextEncoder().encode(text).length);
  }
});
