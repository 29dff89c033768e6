import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../../../test/support/crypto.ts";
import { createCompactRange, parseCompactRange, printCompactRange } from "./compact-range.ts";
import { createTreeHasher } from "./hasher.ts";
import { merkleRoot } from "./merkle.ts";

const hasher = createTreeHasher(sha256);
const leaf = (i: number): Uint8Array => hasher.leaf(Uint8Array.of(i & 255, i >> 8));

test("a range stored and continued at any size gives the root of an uninterrupted one", () => {
  fc.assert(
    fc.property(fc.nat(600), fc.nat(600), (before, after) => {
      const first = createCompactRange(hasher);
      for (let i = 0; i < before; i++) first.append(leaf(i));
      const stored = parseCompactRange(printCompactRange(first.state()));
      const second = createCompactRange(hasher, stored);
      for (let i = before; i < before + after; i++) second.append(leaf(i));
      const whole = Array.from({ length: before + after }, (_, i) => leaf(i));
      expect(second.root()).toEqual(merkleRoot(hasher, whole));
    }),
    { numRuns: 30 },
  );
});

test("a stored range of 2^53 - 1 leaves keeps its size and refuses one more", () => {
  const hashes = Array.from({ length: 53 }, (_, i) => leaf(i));
  const state = parseCompactRange(printCompactRange({ size: 2 ** 53 - 1, hashes }));
  expect(state.size).toBe(2 ** 53 - 1);
  expect(() => createCompactRange(hasher, state).append(leaf(0))).toThrow(
    expect.objectContaining({ code: "SIZE_RANGE" }),
  );
});

test("a state whose hashes do not belong to its size is refused", () => {
  const wrong = [
    { size: 3, hashes: [leaf(0)] },
    { size: 0, hashes: [leaf(0)] },
    { size: 2 ** 32, hashes: [] },
  ];
  for (const state of wrong) {
    expect(() => createCompactRange(hasher, state)).toThrow(
      expect.objectContaining({ code: "RANGE_STATE" }),
    );
  }
  for (const bytes of [new Uint8Array(7), new Uint8Array(9), new Uint8Array(40)]) {
    expect(() => parseCompactRange(bytes)).toThrow(
      expect.objectContaining({ code: "RANGE_STATE" }),
    );
  }
  const past = new Uint8Array(8).fill(255);
  expect(() => parseCompactRange(past)).toThrow(expect.objectContaining({ code: "SIZE_RANGE" }));
});
