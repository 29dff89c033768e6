import { canonicalText } from "@custody/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createCanonicalScanner } from "./canonical-scan.ts";

const scanner = createCanonicalScanner(["class", "rx"]);
const encoder = new TextEncoder();
const passes = (text: string | Uint8Array): boolean => {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  return scanner.scan(bytes, 0, bytes.length);
};

/** The slow definition: what parses, is an object, and prints again as the very same text. */
const isCanonical = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return text.startsWith("{") && canonicalText(value) === text;
  } catch {
    return false;
  }
};

const key = fc.string({ unit: fc.constantFrom(...'abz09"\\:~!'), minLength: 1, maxLength: 4 });
const leaf = fc.oneof(
  fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom(null, true, false, '\u0000\u0001\u001f\u007f\u2028\b\f\n\r\t"\\/', "😀é"),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie("tree"), { maxLength: 4 }), tie("object")),
  object: fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
}));
const objects = fc.dictionary(key, tree, { maxKeys: 5 });

test("everything canonicalText prints passes", () => {
  fc.assert(
    fc.property(objects, (value) => {
      let text: string;
      try {
        text = canonicalText(value);
      } catch {
        return;
      }
      expect(passes(text)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test("a canonical text with any one character changed, dropped or added passes exactly when it is canonical again", () => {
  const letter = fc.constantFrom(...'{}[]:,"\\ 0159-.eEutnf/\u0000\n\u007fé');
  const kinds = fc.constantFrom("change", "drop", "add");
  fc.assert(
    fc.property(objects, kinds, fc.nat(), letter, (value, kind, seed, replacement) => {
      let text: string;
      try {
        text = canonicalText(value);
      } catch {
        return;
      }
      const letters = [...text];
      const at = seed % letters.length;
      if (kind === "change") letters[at] = replacement;
      if (kind === "drop") letters.splice(at, 1);
      if (kind === "add") letters.splice(at, 0, replacement);
      const mutated = letters.join("");
      expect({ mutated, passes: passes(mutated) }).toEqual({
        mutated,
        passes: isCanonical(mutated),
      });
    }),
    { numRuns: 5000 },
  );
});

test.each([
  "",
  "1",
  "[]",
  '"a"',
  " {}",
  "{} ",
  "{}\n",
  '{"a":1.0}',
  '{"a":1e3}',
  '{"a":-0}',
  '{"a":01}',
  '{"a":+1}',
  '{"a":9007199254740992}',
  '{"a":99999999999999999999}',
  '{"a":NaN}',
  '{"b":1,"a":2}',
  '{"a":1,"a":2}',
  '{"":1}',
  '{"é":1}',
  '{"a b":1}',
  '{"1":1}',
  '{"a":"\\/"}',
  '{"a":"\\u0041"}',
  '{"a":"\\u000a"}',
  '{"a":"\\u001F"}',
  '{"a":"\\ud800"}',
  '{"a":"\t"}',
  '{"a":nul}',
  '{"a":1,}',
  '{"a":[1,]}',
  '{"a"',
  '{"a":"x',
  '{"a":"\\u00',
  '{"__proto__":1,"a":tru}',
])("%j does not pass", (text) => {
  expect(isCanonical(text)).toBe(false);
  expect(passes(text)).toBe(false);
});

test.each([
  "{}",
  '{"01":1}',
  '{"a":9007199254740991,"b":-9007199254740991}',
  '{"__proto__":1,"constructor":{}}',
  '{"!":0,"\\"":1,"#":2,"[":3,"\\\\":4,"]":5}',
  '{"a":"\\u0000\\u001f\\b\\t\\n\\f\\r\\"\\\\\u007f\u2028😀"}',
])("%j passes", (text) => {
  expect(isCanonical(text)).toBe(true);
  expect(passes(text)).toBe(true);
});

test("bytes that are no UTF-8 do not pass", () => {
  const around = (...bytes: readonly number[]): Uint8Array =>
    Uint8Array.of(...encoder.encode('{"a":"'), ...bytes, ...encoder.encode('"}'));
  const refused = [
    [0x80],
    [0xc0, 0x80],
    [0xc1, 0xbf],
    [0xc3],
    [0xe0, 0x9f, 0xbf],
    [0xed, 0xa0, 0x80],
    [0xef, 0xbf],
    [0xf0, 0x8f, 0xbf, 0xbf],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0xff],
  ];
  for (const bytes of refused) expect(passes(around(...bytes))).toBe(false);
  for (const text of [
    "\u0080",
    "\u07ff",
    "\u0800",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "\u{10000}",
    "\u{10ffff}",
  ]) {
    expect(passes(around(...encoder.encode(text)))).toBe(true);
  }
});

test("nesting passes to the model's depth and not beyond", () => {
  const nested = (depth: number): string => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  for (const depth of [1, 63, 64, 65, 1000]) {
    expect(passes(nested(depth))).toBe(isCanonical(nested(depth)));
  }
});

test("wanted members are found at the top level only, and only as strings", () => {
  expect(passes('{"body":{"class":"inner"},"class":"egress","rx":1}')).toBe(true);
  expect(scanner.says(0, encoder.encode("egress"))).toBe(true);
  expect(scanner.says(0, encoder.encode("inner"))).toBe(false);
  expect(scanner.copy(0)).toEqual(encoder.encode("egress"));
  expect(scanner.says(1, encoder.encode("1"))).toBe(false);
  expect(scanner.copy(1)).toHaveLength(0);
  expect(passes("{}")).toBe(true);
  expect(scanner.copy(0)).toHaveLength(0);
});
