import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "./json-text.ts";
import { OtlpError } from "./malformed.ts";

/** What our scan says of a text; undefined where it refuses. */
function scanned(text: string): unknown {
  try {
    return { value: parseJson(Buffer.from(text)).value };
  } catch (error) {
    if (error instanceof OtlpError) return undefined;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

const space = fc.constantFrom("", " ", "\n", "\t\r");
const number = fc
  .stringMatching(/^-?\d{1,3}(\.\d{1,2})?([eE][+-]?\d{1,2})?$/)
  .filter((text) => text.length < 12);
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc
    .tuple(
      space,
      fc.oneof(
        { depthSize: "small", maxDepth: 4 },
        number,
        fc.constantFrom(
          "true",
          "false",
          "null",
          "nul",
          "-",
          "1.",
          ".5",
          "[]",
          "{}",
          '"\\u00e9\\n"',
        ),
        fc.string({ maxLength: 6 }).map((text) => JSON.stringify(text)),
        fc.array(tie("json"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
        fc
          .array(fc.tuple(fc.constantFrom("a", "b", "__proto__"), tie("json")), { maxLength: 3 })
          .map((pairs) => `{${pairs.map(([key, item]) => `"${key}":${item}`).join(",")}}`),
      ),
      space,
    )
    .map((parts) => parts.join("")),
}));

test("accepts what JSON.parse accepts, and nothing else", () => {
  fc.assert(
    fc.property(
      json,
      fc.nat(),
      fc.constantFrom("", ",", "]", "}", '"', "0", "\\", "\u0001"),
      (text, at, mutation) => {
        expect(scanned(text)).toStrictEqual(parsed(text));
        const place = at % (text.length + 1);
        const changed = text.slice(0, place) + mutation + text.slice(place + 1);
        expect(scanned(changed)).toStrictEqual(parsed(changed));
      },
    ),
    { numRuns: 2_000, endOnFailure: true },
  );
});

test("integers of sixteen digits and more arrive as text, in every place, and other numbers as numbers", () => {
  const text =
    '[1234567890123456, -9223372036854775808 ,{"a":9007199254740993,"b":1234567890123456.5,"c":1234567890123456e1,"d":123456789012345}]';
  expect(parseJson(Buffer.from(text)).value).toStrictEqual([
    "1234567890123456",
    "-9223372036854775808",
    { a: "9007199254740993", b: 1234567890123456.5, c: 12345678901234560, d: 123456789012345 },
  ]);
});

test("counts the texts that hold lone surrogates, not the surrogates", () => {
  expect(
    parseJson(Buffer.from('{"\\ud800\\ud800":"\\udfff","pair":"\\ud83d\\ude00"}')),
  ).toStrictEqual({
    value: { "\uFFFD\uFFFD": "\uFFFD", pair: "\u{1F600}" },
    repaired: 2,
  });
});

test("a NUL byte is not JSON", () => {
  expect(scanned("\0")).toBeUndefined();
  expect(scanned('{"a":\0}')).toBeUndefined();
});
