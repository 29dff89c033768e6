import { Buffer } from "node:buffer";
import { timeFromNanos } from "@custody/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { signed64, unsigned64 } from "./integer64.ts";
import { WireBody } from "./wire-body.ts";
import { WireCursor } from "./wire-cursor.ts";

/** Varints as the specification writes them: seven bits a byte, least significant first. */
function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, value); ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
}

const edges = [
  0n,
  1n,
  127n,
  128n,
  2n ** 28n,
  2n ** 31n,
  2n ** 32n,
  2n ** 35n,
  2n ** 53n,
  2n ** 63n - 1n,
];

test("every 64-bit integer is read exactly, signed and unsigned", () => {
  const signed = fc.oneof(
    fc.constantFrom(...edges),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  );
  fc.assert(
    fc.property(signed, (value) => {
      const cursor = new WireCursor(varint(value));
      cursor.varint(cursor.bytes.length);
      expect(cursor.at).toBe(cursor.bytes.length);
      expect(String(signed64(cursor.low, cursor.high))).toBe(String(value));
      expect(String(unsigned64(cursor.low, cursor.high))).toBe(String(BigInt.asUintN(64, value)));
    }),
    { numRuns: 1_000 },
  );
});

test("integers are numbers while a double holds them exactly, else text", () => {
  const read = (value: bigint): unknown => {
    const cursor = new WireCursor(varint(value));
    cursor.varint(cursor.bytes.length);
    return signed64(cursor.low, cursor.high);
  };
  expect(read(2n ** 53n - 1n)).toBe(9007199254740991);
  expect(read(2n ** 53n)).toBe("9007199254740992");
  expect(read(-(2n ** 53n) + 1n)).toBe(-9007199254740991);
  expect(read(-(2n ** 53n))).toBe("-9007199254740992");
});

test("times are those of the model, for every number of nanoseconds", () => {
  const body = (nanos: bigint): WireBody => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(nanos);
    return new WireBody(bytes);
  };
  const nanos = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: 1_700_000_000_000_000_000n, max: 1_700_000_010_000_000_000n }),
  );
  fc.assert(
    fc.property(nanos, (value) => {
      expect(body(value).time(0)).toBe(timeFromNanos(value));
    }),
    {
      numRuns: 1_000,
    },
  );
  expect(body(1_795_418_887_762_670_407n).time(0)).toBe("2026-11-23T07:28:07.762670407Z");
  expect(body(0n).time(0)).toBeUndefined();
  expect(body(1n).time(0)).toBe("1970-01-01T00:00:00.000000001Z");
  expect(body(1n).time(-1)).toBeUndefined();
});
