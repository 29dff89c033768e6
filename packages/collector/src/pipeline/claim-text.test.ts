import fc from "fast-check";
import { expect, test } from "vitest";
import { claimText } from "./claim-text.ts";

test("the order in which a dialect names members does not change a claim", () => {
  expect(claimText(["genai", { b: { d: 1, c: "x" }, a: [{ z: null, y: true }] }])).toBe(
    '["genai",{"a":[{"y":true,"z":null}],"b":{"c":"x","d":1}}]',
  );
});

test("an absent member and one that is undefined are one claim", () => {
  expect(claimText({ class: "turn", ts: undefined })).toBe(claimText({ class: "turn" }));
});

test("numbers that the canonical form refuses are claimed as JSON writes them", () => {
  expect(claimText({ seconds: 0.25, big: 1e21 })).toBe('{"big":1e+21,"seconds":0.25}');
});

test("a member named __proto__ is claimed like any other, and reaches no prototype", () => {
  const hostile = JSON.parse('{"__proto__":{"x":1},"a":2}') as object;
  expect(claimText(hostile)).toBe('{"__proto__":{"x":1},"a":2}');
});

test("a claim's text is JSON of the value it was made of", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(claimText(plain))).toEqual(plain);
    }),
  );
});
