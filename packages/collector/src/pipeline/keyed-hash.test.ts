import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createKeyedHash } from "./keyed-hash.ts";

test("the keyed hash is HMAC-SHA-256 as RFC 4231 publishes it", () => {
  const cases = [
    [
      Buffer.alloc(20, 0x0b),
      "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ],
    [
      Buffer.from("Jefe"),
      "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      Buffer.alloc(131, 0xaa),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
  ] as const;
  for (const [key, text, digest] of cases) {
    const keyed = createKeyedHash(key);
    expect(keyed.hex(text)).toBe(digest);
    expect(keyed.bytes(text).toString("hex")).toBe(digest);
  }
});

test("one key hashes texts of any length and script one after another as node:crypto does each alone", () => {
  const key = Buffer.alloc(32, 7);
  const keyed = createKeyedHash(key);
  const texts = fc.array(
    fc
      .tuple(fc.string({ unit: "binary", maxLength: 40 }), fc.nat(4_000))
      .map(([unit, times]) => unit.repeat(times)),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(texts, (list) => {
      for (const text of list) {
        expect(keyed.hex(text)).toBe(createHmac("sha256", key).update(text, "utf8").digest("hex"));
      }
    }),
    { numRuns: 30 },
  );
});

test("a text larger than what is kept between calls is hashed, and so is the small one after it", () => {
  const key = Buffer.alloc(32, 9);
  const keyed = createKeyedHash(key);
  for (const text of ["€".repeat(1_200_000), "small"]) {
    expect(keyed.hex(text)).toBe(createHmac("sha256", key).update(text, "utf8").digest("hex"));
  }
});
