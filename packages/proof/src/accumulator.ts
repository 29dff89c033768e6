import { assertDigest, digestBytes } from "./bytes.ts";
import type { Sha256 } from "./ports.ts";

/** Third domain beside leaf 0x00 and node 0x01, so that no accumulator value is a tree hash. */
const accumulatorPrefix = 0x02;

/** The value before any record: 32 zero bytes. A fresh copy, since the caller owns it. */
export function accumulatorStart(): Uint8Array {
  return new Uint8Array(digestBytes);
}

/** acc' = SHA-256(0x02 || acc || record_sha256): a running commitment to every record of one class, in order. */
export interface Accumulator {
  readonly count: number;
  fold(recordSha256: Uint8Array): void;
  value(): Uint8Array;
}

export function createAccumulator(
  sha256: Sha256,
  from: Uint8Array = accumulatorStart(),
): Accumulator {
  assertDigest(from, "accumulator");
  const input = new Uint8Array(1 + 2 * digestBytes);
  input[0] = accumulatorPrefix;
  input.set(from, 1);
  let count = 0;

  return {
    get count() {
      return count;
    },
    fold(recordSha256) {
      assertDigest(recordSha256, "record digest");
      input.set(recordSha256, 1 + digestBytes);
      input.set(sha256(input), 1);
      count += 1;
    },
    value: () => input.slice(1, 1 + digestBytes),
  };
}
