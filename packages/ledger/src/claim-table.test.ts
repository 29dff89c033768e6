import fc from "fast-check";
import { expect, test } from "vitest";
import { createClaimTable } from "./claim-table.ts";

/** Ids that collide in their first bytes, as a hostile sender would prepare them. */
function bytes16(n: number): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes[15] = n;
  return bytes;
}

/** What the table should answer: a list of the newest pairs. */
function answer(pairs: readonly (readonly [number, number, number])[], id: number, claim: number) {
  const same = pairs.filter(([known]) => known === id);
  if (same.some(([, known]) => known === claim)) return { kind: "duplicate" };
  const [oldest] = same;
  if (oldest === undefined) return { kind: "new" };
  return { kind: "conflict", claim: bytes16(oldest[1]), leaf: oldest[2] };
}

test("the table answers as a list of its newest pairs does, also when it forgets and grows", () => {
  const step = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 3 }));
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer(),
      fc.array(step, { maxLength: 120 }),
      (max, seed, steps) => {
        const table = createClaimTable(max, seed);
        let pairs: (readonly [number, number, number])[] = [];
        steps.forEach(([id, claim], leaf) => {
          const match = table.find(bytes16(id), bytes16(claim));
          expect(match).toEqual(answer(pairs, id, claim));
          if (match.kind === "duplicate") return;
          table.add(bytes16(id), bytes16(claim), leaf);
          pairs = [...pairs, [id, claim, leaf] as const].slice(-max);
        });
        expect(table.size).toBe(pairs.length);
      },
    ),
    { numRuns: 300 },
  );
});

test("a table that grows to its limit knows exactly the newest pairs", () => {
  const table = createClaimTable(10_000, 7);
  const id = (n: number): Uint8Array => {
    const bytes = new Uint8Array(16);
    new DataView(bytes.buffer).setUint32(4, n);
    return bytes;
  };
  for (let n = 0; n < 25_000; n++) table.add(id(n), id(n), n);
  expect(table.size).toBe(10_000);
  for (let n = 0; n < 25_000; n++) {
    const kind = n < 15_000 ? "new" : "duplicate";
    if (table.find(id(n), id(n)).kind !== kind) throw new Error(`pair ${n} is not ${kind}`);
  }
});
