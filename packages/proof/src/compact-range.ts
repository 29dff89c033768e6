import { assertDigest } from "./bytes.ts";
import { ProofError } from "./errors.ts";
import type { TreeHasher } from "./hasher.ts";
import { treeLeavesMax } from "./limits.ts";
import { assertTreeSize, foldSubtrees } from "./subtree.ts";

/** The whole memory a growing tree needs: its size and one hash per complete subtree, widest first. */
export interface CompactRangeState {
  readonly size: number;
  readonly hashes: readonly Uint8Array[];
}

export interface CompactRange {
  readonly size: number;
  /** Keeps `leafHash`; the caller must not change it afterwards. Costs one node hash on average. */
  append(leafHash: Uint8Array): void;
  root(): Uint8Array;
  state(): CompactRangeState;
}

/** Continues from a stored state, or starts the empty tree. */
export function createCompactRange(hasher: TreeHasher, from?: CompactRangeState): CompactRange {
  if (from !== undefined) assertState(from);
  const hashes: Uint8Array[] = [...(from?.hashes ?? [])];
  let size = from?.size ?? 0;

  return {
    get size() {
      return size;
    },
    append(leafHash) {
      assertDigest(leafHash, "leaf hash");
      if (size >= treeLeavesMax) throw new ProofError("SIZE_RANGE", "the tree is full");
      let hash = leafHash;
      // Every trailing one bit of the old size is a complete subtree that the new leaf completes further.
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
        const left = hashes.pop();
        if (left === undefined) throw new ProofError("RANGE_STATE", "a subtree hash is missing");
        hash = hasher.node(left, hash);
      }
      hashes.push(hash);
      size += 1;
    },
    root: () => foldSubtrees(hasher, hashes),
    state: () => ({ size, hashes: [...hashes] }),
  };
}

/** 8 bytes of size, big-endian, then the hashes: fixed for a size, so equal states are equal bytes. */
export function printCompactRange(state: CompactRangeState): Uint8Array {
  assertState(state);
  const bytes = new Uint8Array(8 + 32 * state.hashes.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(state.size));
  state.hashes.forEach((hash, i) => {
    bytes.set(hash, 8 + 32 * i);
  });
  return bytes;
}

export function parseCompactRange(bytes: Uint8Array): CompactRangeState {
  if (bytes.length < 8 || (bytes.length - 8) % 32 !== 0) {
    throw new ProofError("RANGE_STATE", `${bytes.length} bytes are no compact range`);
  }
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0));
  const hashes: Uint8Array[] = [];
  for (let at = 8; at < bytes.length; at += 32) hashes.push(bytes.slice(at, at + 32));
  const state = { size, hashes };
  assertState(state);
  return state;
}

function assertState({ size, hashes }: CompactRangeState): void {
  assertTreeSize(size);
  let expected = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) expected += rest % 2;
  if (hashes.length !== expected) {
    throw new ProofError(
      "RANGE_STATE",
      `size ${size} has ${expected} subtrees, not ${hashes.length}`,
    );
  }
  for (const hash of hashes) assertDigest(hash, "subtree hash");
}
