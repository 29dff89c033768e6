import { digestBytes, equalBytes } from "./bytes.ts";
import { createCompactRange } from "./compact-range.ts";
import type { TreeHasher } from "./hasher.ts";
import { hashesOfPlan, planConsistency, planInclusion, type Subtree } from "./subtree.ts";

/** The first reason a proof does not hold, or "ok". */
export type ProofVerdict = "ok" | "index_range" | "hash_length" | "proof_length" | "root_mismatch";

export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

export interface ConsistencyClaim {
  readonly fromSize: number;
  readonly fromRoot: Uint8Array;
  readonly toSize: number;
  readonly toRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

export function merkleRoot(hasher: TreeHasher, leafHashes: Iterable<Uint8Array>): Uint8Array {
  const range = createCompactRange(hasher);
  for (const leafHash of leafHashes) range.append(leafHash);
  return range.root();
}

export function inclusionProof(
  hasher: TreeHasher,
  leafHashes: readonly Uint8Array[],
  index: number,
): Uint8Array[] {
  const plan = planInclusion(index, leafHashes.length);
  return hashesOfPlan(hasher, plan, subtreesOf(hasher, leafHashes));
}

export function consistencyProof(
  hasher: TreeHasher,
  leafHashes: readonly Uint8Array[],
  fromSize: number,
): Uint8Array[] {
  const plan = planConsistency(fromSize, leafHashes.length);
  return hashesOfPlan(hasher, plan, subtreesOf(hasher, leafHashes));
}

function subtreesOf(hasher: TreeHasher, leafHashes: readonly Uint8Array[]) {
  return ({ level, index }: Subtree): Uint8Array => {
    const width = 2 ** level;
    return merkleRoot(hasher, leafHashes.slice(index * width, (index + 1) * width));
  };
}

/** RFC 9162, 2.1.3.2. The claim is hostile: any number and any bytes may stand in it. */
export function verifyInclusion(hasher: TreeHasher, claim: InclusionClaim): ProofVerdict {
  const { index, size, leafHash, proof, root } = claim;
  if (!isCount(index) || !isCount(size) || index >= size) return "index_range";
  if (![leafHash, root, ...proof].every(isDigest)) return "hash_length";
  let position = index;
  let last = size - 1;
  let hash = leafHash;
  for (const sibling of proof) {
    if (last === 0) return "proof_length";
    if (isOdd(position) || position === last) {
      hash = hasher.node(sibling, hash);
      while (!isOdd(position) && position !== 0) {
        position = half(position);
        last = half(last);
      }
    } else {
      hash = hasher.node(hash, sibling);
    }
    position = half(position);
    last = half(last);
  }
  if (last !== 0) return "proof_length";
  return equalBytes(hash, root) ? "ok" : "root_mismatch";
}

/** RFC 9162, 2.1.4.2, and the two cases it leaves out: equal sizes, and growth from the empty tree. */
export function verifyConsistency(hasher: TreeHasher, claim: ConsistencyClaim): ProofVerdict {
  const { fromSize, fromRoot, toSize, toRoot, proof } = claim;
  if (!isCount(fromSize) || !isCount(toSize) || fromSize > toSize) return "index_range";
  if (![fromRoot, toRoot, ...proof].every(isDigest)) return "hash_length";
  if (fromSize === toSize || fromSize === 0) {
    if (proof.length > 0) return "proof_length";
    const expected = fromSize === toSize ? toRoot : hasher.empty();
    return equalBytes(fromRoot, expected) ? "ok" : "root_mismatch";
  }
  let position = fromSize - 1;
  let last = toSize - 1;
  while (isOdd(position)) {
    position = half(position);
    last = half(last);
  }
  // Where the old tree is complete, its root is itself the first subtree and is not repeated in the proof.
  const path = position === 0 ? [fromRoot, ...proof] : proof;
  const [first, ...rest] = path;
  if (first === undefined) return "proof_length";
  let oldHash = first;
  let newHash = first;
  for (const hash of rest) {
    if (last === 0) return "proof_length";
    if (isOdd(position) || position === last) {
      oldHash = hasher.node(hash, oldHash);
      newHash = hasher.node(hash, newHash);
      while (!isOdd(position) && position !== 0) {
        position = half(position);
        last = half(last);
      }
    } else {
      newHash = hasher.node(newHash, hash);
    }
    position = half(position);
    last = half(last);
  }
  if (last !== 0) return "proof_length";
  return equalBytes(oldHash, fromRoot) && equalBytes(newHash, toRoot) ? "ok" : "root_mismatch";
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isDigest = (bytes: Uint8Array): boolean => bytes.length === digestBytes;
const isOdd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);
