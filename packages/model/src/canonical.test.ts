import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalText } from "./canonical.ts";

/** RFC 8785 for integers and ASCII keys, the plain way: members sorted, then `JSON.stringify`. */
function plainly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainly);
  if (typeof value !== "object" || value === null) return value;
  const sorted = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, member]) => [key, plainly(member)]));
}

const key = fc
  .stringMatching(/^[!-~]{1,8}$/)
  .filter((text) => !/^(0|[1-9][0-9]*)$/.test(text) && text !== "__proto__");
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.string({ unit: "grapheme" }),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, fc.oneof(tie("value"), fc.constant(undefined)), { maxKeys: 6 }),
  ),
}));

test("the canonical text is that of the sorted object, whatever is in it", () => {
  fc.assert(
    fc.property(value, (some) => {
      expect(canonicalText(some)).toBe(JSON.stringify(plainly(some)));
    }),
    { numRuns: 500 },
  );
});

test("members stand in byte order, absent ones are absent, and null is not absent", () => {
  const text = canonicalText({
    b: 1,
    a: [true, null],
    B: "\u00e9\n\u2028",
    $: undefined,
    "a.b": {},
  });
  expect(text).toBe('{"B":"\u00e9\\n\u2028","a":[true,null],"a.b":{},"b":1}');
});

test("a hostile __proto__ is an ordinary member", () => {
  expect(canonicalText(JSON.parse('{"__proto__":{"x":1},"a":2}'))).toBe(
    '{"__proto__":{"x":1},"a":2}',
  );
});

test.each([
  ["a fraction", { a: { b: 0.5 } }, "CANONICAL_NUMBER", ".a.b is not a safe integer"],
  ["minus zero", [-0], "CANONICAL_NUMBER", "[0] is not a safe integer"],
  ["a number past 2^53", { a: 2 ** 53 }, "CANONICAL_NUMBER", ".a is not a safe integer"],
  ["a lone surrogate", { a: ["x", "\udc00"] }, "CANONICAL_STRING", ".a[1] has a lone surrogate"],
  [
    "a key with a space",
    { a: { "b c": 1 } },
    "CANONICAL_KEY",
    "a key under .a is not printable ASCII",
  ],
  ["an empty key", { "": 1 }, "CANONICAL_KEY", "a key under the value is not printable ASCII"],
  ["a key that is a number", { a: { 7: 1 } }, "CANONICAL_KEY", "a key under .a is a bare number"],
  ["a function", { a: () => 1 }, "CANONICAL_TYPE", ".a is a function"],
  ["a big integer", { a: 1n }, "CANONICAL_TYPE", ".a is a bigint"],
])("%s has no canonical form, and the error names its path", (_, some, code, message) => {
  expect(() => canonicalText(some)).toThrow(expect.objectContaining({ code, message }));
});

test("a key of digits that is no array index is a key", () => {
  expect(canonicalText({ "007": 1 })).toBe('{"007":1}');
});

test("64 levels are canonical and one more is not", () => {
  const nested = (levels: number): unknown => {
    let some: unknown = 1;
    for (let level = 0; level < levels; level++) some = [some];
    return some;
  };
  expect(canonicalText(nested(64))).toBe(`${"[".repeat(64)}1${"]".repeat(64)}`);
  expect(() => canonicalText(nested(65))).toThrow(
    expect.objectContaining({ code: "CANONICAL_DEPTH" }),
  );
});
