import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../../../test/support/crypto.ts";
import { createTreeHasher } from "./hasher.ts";
import {
  consistencyProof,
  inclusionProof,
  merkleRoot,
  type ProofVerdict,
  verifyConsistency,
  verifyInclusion,
} from "./merkle.ts";
import {
  foldSubtrees,
  hashesOfPlan,
  planConsistency,
  planInclusion,
  planRoot,
  type Subtree,
} from "./subtree.ts";

const hasher = createTreeHasher(sha256);
const leafCount = 40;
const leaves = Array.from({ length: leafCount }, (_, i) => hasher.leaf(Uint8Array.of(i)));

/** RFC 6962, 2.1, as it is written: the reference that the code under test must agree with. */
function definedRoot(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes;
  if (only === undefined) return hasher.empty();
  if (hashes.length === 1) return only;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return hasher.node(definedRoot(hashes.slice(0, k)), definedRoot(hashes.slice(k)));
}

const roots = Array.from({ length: leafCount + 1 }, (_, n) => definedRoot(leaves.slice(0, n)));
const at = <T>(list: readonly T[], i: number): T => {
  const value = list[i];
  if (value === undefined) throw new RangeError(`nothing at ${i}`);
  return value;
};
const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 7 ? byte ^ 1 : byte));
const flipOne = (list: readonly Uint8Array[], i: number): Uint8Array[] =>
  list.map((hash, k) => (k === i ? flip(hash) : hash));

test("the root equals the definition of RFC 6962 for every size up to 40", () => {
  for (let n = 0; n <= leafCount; n++) {
    expect(merkleRoot(hasher, leaves.slice(0, n))).toEqual(at(roots, n));
  }
});

test("every leaf of every tree up to 40 proves its inclusion, and at no other index", () => {
  for (let size = 1; size <= leafCount; size++) {
    const root = at(roots, size);
    for (let index = 0; index < size; index++) {
      const leafHash = at(leaves, index);
      const proof = inclusionProof(hasher, leaves.slice(0, size), index);
      for (let claimed = 0; claimed < size; claimed++) {
        const verdict = verifyInclusion(hasher, { index: claimed, size, leafHash, proof, root });
        expect(verdict === "ok").toBe(claimed === index);
      }
    }
  }
});

test("an inclusion proof with a flipped, missing or extra hash, or against another leaf or root, is refused", () => {
  for (let size = 1; size <= leafCount; size++) {
    const root = at(roots, size);
    for (let index = 0; index < size; index++) {
      const leafHash = at(leaves, index);
      const proof = inclusionProof(hasher, leaves.slice(0, size), index);
      const claim = { index, size, leafHash, proof, root };
      for (let i = 0; i < proof.length; i++) {
        expect(verifyInclusion(hasher, { ...claim, proof: flipOne(proof, i) })).toBe(
          "root_mismatch",
        );
      }
      expect(verifyInclusion(hasher, { ...claim, leafHash: flip(leafHash) })).toBe("root_mismatch");
      expect(verifyInclusion(hasher, { ...claim, root: flip(root) })).toBe("root_mismatch");
      expect(verifyInclusion(hasher, { ...claim, proof: [...proof, root] })).toBe("proof_length");
      if (proof.length > 0) {
        expect(verifyInclusion(hasher, { ...claim, proof: proof.slice(1) })).not.toBe("ok");
        expect(verifyInclusion(hasher, { ...claim, proof: proof.slice(0, -1) })).not.toBe("ok");
      }
      expect(verifyInclusion(hasher, { ...claim, index: size })).toBe("index_range");
    }
  }
});

test("every pair of sizes up to 40 proves its consistency, and no wrong old size passes", () => {
  for (let toSize = 0; toSize <= leafCount; toSize++) {
    for (let fromSize = 0; fromSize <= toSize; fromSize++) {
      const proof = consistencyProof(hasher, leaves.slice(0, toSize), fromSize);
      const [fromRoot, toRoot] = [at(roots, fromSize), at(roots, toSize)];
      for (let claimed = 0; claimed <= toSize; claimed++) {
        const claim = { fromSize: claimed, fromRoot, toSize, toRoot, proof };
        expect(verifyConsistency(hasher, claim) === "ok").toBe(claimed === fromSize);
      }
    }
  }
});

test("a consistency proof with a flipped, missing or extra hash, or between other roots, is refused", () => {
  for (let toSize = 1; toSize <= leafCount; toSize++) {
    for (let fromSize = 1; fromSize < toSize; fromSize++) {
      const proof = consistencyProof(hasher, leaves.slice(0, toSize), fromSize);
      const claim = {
        fromSize,
        fromRoot: at(roots, fromSize),
        toSize,
        toRoot: at(roots, toSize),
        proof,
      };
      const refused: ProofVerdict[] = [
        ...proof.map((_, i) => verifyConsistency(hasher, { ...claim, proof: flipOne(proof, i) })),
        verifyConsistency(hasher, { ...claim, fromRoot: flip(claim.fromRoot) }),
        verifyConsistency(hasher, { ...claim, toRoot: flip(claim.toRoot) }),
        verifyConsistency(hasher, { ...claim, proof: proof.slice(1) }),
        verifyConsistency(hasher, { ...claim, proof: proof.slice(0, -1) }),
        verifyConsistency(hasher, { ...claim, proof: [...proof, claim.toRoot] }),
      ];
      expect(refused).not.toContain("ok");
    }
  }
});

test("an empty old tree has the hash of nothing as root and needs no proof", () => {
  const claim = {
    fromSize: 0,
    fromRoot: hasher.empty(),
    toSize: 3,
    toRoot: at(roots, 3),
    proof: [],
  };
  expect(verifyConsistency(hasher, claim)).toBe("ok");
  expect(verifyConsistency(hasher, { ...claim, fromRoot: at(roots, 1) })).toBe("root_mismatch");
  expect(verifyConsistency(hasher, { ...claim, proof: [at(roots, 1)] })).toBe("proof_length");
});

test("numbers that are no counts and hashes of another length are refused before any hashing", () => {
  const claim = { index: 0, size: 1, leafHash: at(leaves, 0), proof: [], root: at(leaves, 0) };
  for (const index of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    expect(verifyInclusion(hasher, { ...claim, index })).toBe("index_range");
  }
  expect(verifyInclusion(hasher, { ...claim, size: 2 ** 53 })).toBe("index_range");
  expect(verifyInclusion(hasher, { ...claim, proof: [new Uint8Array(31)] })).toBe("hash_length");
  expect(verifyInclusion(hasher, { ...claim, leafHash: new Uint8Array(33) })).toBe("hash_length");
});

test("random bytes never pass for a proof", () => {
  const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(
      fc.nat(39),
      fc.nat(40),
      fc.array(digest, { maxLength: 7 }),
      (index, size, proof) => {
        const leafHash = at(leaves, index);
        const root = at(roots, size);
        const verdict = verifyInclusion(hasher, { index, size, leafHash, proof, root });
        expect(verdict === "ok").toBe(size === 1 && index === 0 && proof.length === 0);
      },
    ),
  );
});

// Past 2^32 no list of leaves fits in memory. In a tree whose leaves are all equal, a complete subtree of a
// level has one hash wherever it stands, so roots and proofs of any size can be known without the leaves.
const same = hasher.leaf(Uint8Array.of(1));
const sameOfLevel: Uint8Array[] = [same];
for (let level = 1; level <= 53; level++) {
  const below = at(sameOfLevel, level - 1);
  sameOfLevel.push(hasher.node(below, below));
}
const virtualSubtree = ({ level }: Subtree): Uint8Array => at(sameOfLevel, level);
const virtualRoot = (size: number): Uint8Array =>
  foldSubtrees(hasher, hashesOfPlan(hasher, planRoot(size), virtualSubtree));

/** The definition again, by recursion over sizes in BigInt: no number of JavaScript is trusted here. */
function definedVirtualRoot(size: bigint): Uint8Array {
  let level = 0;
  while (2n ** BigInt(level) < size) level += 1;
  if (2n ** BigInt(level) === size) return at(sameOfLevel, level);
  const left = 2n ** BigInt(level - 1);
  return hasher.node(at(sameOfLevel, level - 1), definedVirtualRoot(size - left));
}

const hugeSizes = [
  2 ** 32 - 1,
  2 ** 32,
  2 ** 32 + 1,
  2 ** 33 + 5,
  2 ** 40 + 2 ** 31 + 3,
  2 ** 53 - 1,
];

test("roots past 2^32 leaves equal the definition", () => {
  for (const size of hugeSizes) expect(virtualRoot(size)).toEqual(definedVirtualRoot(BigInt(size)));
});

test("inclusion past 2^32 holds at the first, last and middle leaves and has no more than 53 hashes", () => {
  for (const size of hugeSizes) {
    const root = definedVirtualRoot(BigInt(size));
    for (const index of [0, 1, 2 ** 31, 2 ** 32 - 2, Math.floor(size / 2), size - 2, size - 1]) {
      const proof = hashesOfPlan(hasher, planInclusion(index, size), virtualSubtree);
      expect(proof.length).toBeLessThanOrEqual(53);
      const claim = { index, size, leafHash: same, proof, root };
      expect(verifyInclusion(hasher, claim)).toBe("ok");
      expect(verifyInclusion(hasher, { ...claim, proof: flipOne(proof, proof.length - 1) })).toBe(
        "root_mismatch",
      );
      expect(verifyInclusion(hasher, { ...claim, proof: proof.slice(1) })).not.toBe("ok");
    }
  }
});

test("consistency past 2^32 holds between sizes on both sides of the 32-bit border", () => {
  for (const toSize of hugeSizes) {
    for (const fromSize of [1, 5, 2 ** 31 + 7, 2 ** 32 - 1, 2 ** 32 + 1, 2 ** 33, toSize - 1]) {
      if (fromSize > toSize) continue;
      const proof = hashesOfPlan(hasher, planConsistency(fromSize, toSize), virtualSubtree);
      const fromRoot = definedVirtualRoot(BigInt(fromSize));
      const toRoot = definedVirtualRoot(BigInt(toSize));
      expect(verifyConsistency(hasher, { fromSize, fromRoot, toSize, toRoot, proof })).toBe("ok");
      const wrong = { fromSize, fromRoot: toRoot, toSize, toRoot, proof };
      expect(verifyConsistency(hasher, wrong) === "ok").toBe(fromSize === toSize);
    }
  }
});
