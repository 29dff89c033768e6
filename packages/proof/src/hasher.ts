import { assertDigest } from "./bytes.ts";
import type { Sha256 } from "./ports.ts";

/** RFC 6962, 2.1: the first byte keeps a leaf from ever being read as a node. */
const leafPrefix = 0x00;
const nodePrefix = 0x01;

const noBytes = new Uint8Array(0);

export interface TreeHasher {
  leaf(entry: Uint8Array): Uint8Array;
  node(left: Uint8Array, right: Uint8Array): Uint8Array;
  /** The root of the tree without leaves: SHA-256 of nothing. */
  empty(): Uint8Array;
}

/** RFC 6962 hashing with one scratch buffer per use, so that a million leaves cost no garbage but their digests. */
export function createTreeHasher(sha256: Sha256): TreeHasher {
  const pair = new Uint8Array(65);
  pair[0] = nodePrefix;
  const digest = new Uint8Array(33);
  digest[0] = leafPrefix;

  return {
    leaf(entry) {
      if (entry.length === 32) {
        digest.set(entry, 1);
        return sha256(digest);
      }
      const bytes = new Uint8Array(entry.length + 1);
      bytes[0] = leafPrefix;
      bytes.set(entry, 1);
      return sha256(bytes);
    },
    node(left, right) {
      assertDigest(left, "left child");
      assertDigest(right, "right child");
      pair.set(left, 1);
      pair.set(right, 33);
      return sha256(pair);
    },
    empty: () => sha256(noBytes),
  };
}
