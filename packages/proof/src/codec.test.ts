import fc from "fast-check";
import { expect, test } from "vitest";
import { base64Decode, base64Encode, base64UrlDecode, base64UrlEncode } from "./base64.ts";
import { hexDecode, hexEncode } from "./hex.ts";
import { utf8Decode, utf8Encode } from "./utf8.ts";

const bytes = fc.uint8Array({ maxLength: 80 });

test("the codecs agree with Node's on any bytes, and take their own output back", () => {
  fc.assert(
    fc.property(bytes, (value) => {
      const node = Buffer.from(value);
      expect(base64Encode(value)).toBe(node.toString("base64"));
      expect(base64UrlEncode(value)).toBe(node.toString("base64url"));
      expect(hexEncode(value)).toBe(node.toString("hex"));
      expect(base64Decode(base64Encode(value))).toEqual(value);
      expect(base64UrlDecode(base64UrlEncode(value))).toEqual(value);
      expect(hexDecode(hexEncode(value))).toEqual(value);
    }),
  );
});

test("a text that decodes is the only spelling of its bytes", () => {
  const symbol = fc.constantFrom(..."ABQRgw0159+/-_=\n é");
  fc.assert(
    fc.property(fc.string({ unit: symbol, maxLength: 8 }), (text) => {
      for (const [decode, encode] of [
        [base64Decode, base64Encode],
        [base64UrlDecode, base64UrlEncode],
        [hexDecode, hexEncode],
      ] as const) {
        let decoded: Uint8Array | undefined;
        try {
          decoded = decode(text);
        } catch {
          continue;
        }
        expect(encode(decoded)).toBe(text);
      }
    }),
    { numRuns: 2000 },
  );
});

test.each([
  "A",
  "AA",
  "AAA",
  "AB==",
  "AAB=",
  "AA==\n",
  "AA=A",
  "====",
  "A===",
  "AA-_",
  "é===",
  " AAA",
])("standard base64 refuses %j", (text) => {
  expect(() => base64Decode(text)).toThrow(expect.objectContaining({ code: "BASE64" }));
});

test.each(["A", "AB", "AA==", "AA+/", "AAAAA"])("url-safe base64 refuses %j", (text) => {
  expect(() => base64UrlDecode(text)).toThrow(expect.objectContaining({ code: "BASE64" }));
});

test.each(["0", "0g", "AB", "0x00", " 00"])("hex refuses %j", (text) => {
  expect(() => hexDecode(text)).toThrow(expect.objectContaining({ code: "HEX" }));
});

test("UTF-8 refuses lone surrogates and malformed bytes, and keeps a byte-order mark", () => {
  const refused = expect.objectContaining({ code: "UTF8" });
  expect(() => utf8Encode("\ud800")).toThrow(refused);
  expect(() => utf8Decode(Uint8Array.of(0xc0, 0x80))).toThrow(refused);
  expect(() => utf8Decode(Uint8Array.of(0xed, 0xa0, 0x80))).toThrow(refused);
  expect(utf8Encode(utf8Decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)))).toEqual(
    Uint8Array.of(0xef, 0xbb, 0xbf, 0x61),
  );
});
