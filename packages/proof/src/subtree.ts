import { ProofError } from "./errors.ts";
import type { TreeHasher } from "./hasher.ts";
import { treeLeavesMax } from "./limits.ts";

/** A complete subtree: the leaves [index * 2^level, (index + 1) * 2^level). */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/**
 * What must be read for a list of hashes: each hash is the fold of its complete subtrees, widest first.
 * Planning apart from reading lets memory, tiles and a virtual tree share one proof maker.
 */
export type HashPlan = readonly (readonly Subtree[])[];

// JavaScript's bit operators cut numbers to 32 bits, so all index arithmetic below divides instead.

export function assertTreeSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0 || size > treeLeavesMax) {
    throw new ProofError("SIZE_RANGE", `${size} is not a tree size`);
  }
}

export function assertLeafIndex(index: number, size: number): void {
  assertTreeSize(size);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new ProofError("INDEX_RANGE", `leaf ${index} is not in a tree of ${size}`);
  }
}

/** The largest power of two smaller than `leaves` (RFC 6962, 2.1), for `leaves` of at least 2. */
function splitPoint(leaves: number): number {
  let left = 1;
  while (left * 2 < leaves) left *= 2;
  return left;
}

/** The complete subtrees of a Merkle tree hash over leaves [begin, end), widest first. */
export function coveringSubtrees(begin: number, end: number): Subtree[] {
  const cover: Subtree[] = [];
  let at = begin;
  let width = splitPoint(Math.max(end - begin, 1)) * 2;
  let level = Math.round(Math.log2(width));
  while (at < end) {
    while (width > end - at) {
      width /= 2;
      level -= 1;
    }
    cover.push({ level, index: Math.floor(at / width) });
    at += width;
  }
  return cover;
}

/** Joins the hashes of covering subtrees: the narrow right ones first, as the recursion of RFC 6962 does. */
export function foldSubtrees(hasher: TreeHasher, hashes: readonly Uint8Array[]): Uint8Array {
  let folded: Uint8Array | undefined;
  for (let i = hashes.length - 1; i >= 0; i--) {
    const hash = hashes[i];
    if (hash === undefined) continue;
    folded = folded === undefined ? hash : hasher.node(hash, folded);
  }
  return folded ?? hasher.empty();
}

export function planRoot(size: number): HashPlan {
  assertTreeSize(size);
  return size === 0 ? [] : [coveringSubtrees(0, size)];
}

/** PATH(index, D[size]) of RFC 6962, 2.1.1: the leaf's sibling first, the root's child last. */
export function planInclusion(index: number, size: number): HashPlan {
  assertLeafIndex(index, size);
  const plan: Subtree[][] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    const middle = begin + splitPoint(end - begin);
    if (index < middle) {
      plan.push(coveringSubtrees(middle, end));
      end = middle;
    } else {
      plan.push(coveringSubtrees(begin, middle));
      begin = middle;
    }
  }
  return plan.reverse();
}

/** PROOF(from, D[to]) of RFC 6962, 2.1.2. Nothing needs proving from the empty tree or between equal sizes. */
export function planConsistency(from: number, to: number): HashPlan {
  assertTreeSize(to);
  assertTreeSize(from);
  if (from > to) throw new ProofError("SIZE_RANGE", `size ${from} is past size ${to}`);
  if (from === 0 || from === to) return [];
  const plan: Subtree[][] = [];
  let begin = 0;
  let end = to;
  while (from !== end) {
    const middle = begin + splitPoint(end - begin);
    if (from <= middle) {
      plan.push(coveringSubtrees(middle, end));
      end = middle;
    } else {
      plan.push(coveringSubtrees(begin, middle));
      begin = middle;
    }
  }
  // A verifier already holds the old root; it needs this subtree's hash only where the old root is not it.
  if (begin > 0) plan.push(coveringSubtrees(begin, end));
  return plan.reverse();
}

/** Answers a plan from any source of subtree hashes. */
export function hashesOfPlan(
  hasher: TreeHasher,
  plan: HashPlan,
  read: (subtree: Subtree) => Uint8Array,
): Uint8Array[] {
  return plan.map((cover) => foldSubtrees(hasher, cover.map(read)));
}
