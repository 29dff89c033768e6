/** What a table knows of an (id, claim): a conflict names the oldest claim known under the id. */
export type ClaimMatch =
  | { readonly kind: "new" }
  | { readonly kind: "duplicate" }
  | { readonly kind: "conflict"; readonly claim: Uint8Array; readonly leaf: number };

/** Remembers the newest (id, claim) pairs, up to a fixed number: what tells a repeated delivery from a contradiction. */
export interface ClaimTable {
  readonly size: number;
  find(id: Uint8Array, claim: Uint8Array): ClaimMatch;
  /** Forgets the oldest pair when full. A pair that is known already only takes room. */
  add(id: Uint8Array, claim: Uint8Array, leaf: number): void;
}

const words = 4;
const empty = -1;
const startEntries = 4_096;

/**
 * Open addressing over a ring of entries, in typed arrays: 44 bytes an entry, no garbage. `seed` is random, so that nobody
 * can prepare ids that fall on one slot.
 */
export function createClaimTable(entriesMax: number, seed: number): ClaimTable {
  let ring = createRing(Math.min(startEntries, entriesMax));
  let count = 0;
  let next = 0;

  const slotOf = (id: Uint8Array): number => {
    const mixed =
      Math.imul(wordAt(id, 0) ^ seed, 0x9e3779b1) ^ Math.imul(wordAt(id, 1), 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & (ring.slots.length - 1);
  };

  const forget = (entry: number): void => {
    const { slots } = ring;
    const mask = slots.length - 1;
    let hole = slotOf(idAt(ring, entry));
    while (slots[hole] !== entry) hole = (hole + 1) & mask;
    // Moves later entries of the probe back over the hole, so that no search ends early.
    for (let at = (hole + 1) & mask; slots[at] !== empty; at = (at + 1) & mask) {
      const home = slotOf(idAt(ring, slots[at] ?? empty));
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        slots[hole] = slots[at] ?? empty;
        hole = at;
      }
    }
    slots[hole] = empty;
  };

  const place = (id: Uint8Array, claim: Uint8Array, leaf: number): void => {
    const entry = next;
    next = (next + 1) % ring.capacity;
    if (count === ring.capacity) forget(entry);
    else count += 1;
    ring.ids.set(id, entry * 16);
    ring.claims.set(claim, entry * 16);
    ring.leaves[entry] = leaf;
    const mask = ring.slots.length - 1;
    let slot = slotOf(id);
    while (ring.slots[slot] !== empty) slot = (slot + 1) & mask;
    ring.slots[slot] = entry;
  };

  const grow = (): void => {
    const old = ring;
    const held = count;
    ring = createRing(Math.min(old.capacity * 2, entriesMax));
    count = 0;
    next = 0;
    for (let entry = 0; entry < held; entry++) {
      place(idAt(old, entry), claimAt(old, entry), old.leaves[entry] ?? 0);
    }
  };

  return {
    get size() {
      return count;
    },
    find(id, claim) {
      const mask = ring.slots.length - 1;
      let other: number | undefined;
      for (let slot = slotOf(id); ; slot = (slot + 1) & mask) {
        const entry = ring.slots[slot] ?? empty;
        if (entry === empty) break;
        if (!equalAt(ring.ids, entry, id)) continue;
        if (equalAt(ring.claims, entry, claim)) return { kind: "duplicate" };
        other ??= entry;
      }
      if (other === undefined) return { kind: "new" };
      return {
        kind: "conflict",
        claim: claimAt(ring, other).slice(),
        leaf: ring.leaves[other] ?? 0,
      };
    },
    add(id, claim, leaf) {
      // The ring grows before it first wraps, so its entries still lie in the order they came.
      if (count === ring.capacity && ring.capacity < entriesMax) grow();
      place(id, claim, leaf);
    },
  };
}

interface Ring {
  readonly capacity: number;
  readonly ids: Uint8Array;
  readonly claims: Uint8Array;
  readonly leaves: Float64Array;
  /** Entry numbers by hash; at most half full. */
  readonly slots: Int32Array;
}

function createRing(capacity: number): Ring {
  const slots = 2 ** Math.ceil(Math.log2(capacity * 2));
  return {
    capacity,
    ids: new Uint8Array(capacity * 16),
    claims: new Uint8Array(capacity * 16),
    leaves: new Float64Array(capacity),
    slots: new Int32Array(slots).fill(empty),
  };
}

function idAt(ring: Ring, entry: number): Uint8Array {
  return ring.ids.subarray(entry * 16, entry * 16 + 16);
}

function claimAt(ring: Ring, entry: number): Uint8Array {
  return ring.claims.subarray(entry * 16, entry * 16 + 16);
}

function equalAt(column: Uint8Array, entry: number, value: Uint8Array): boolean {
  const start = entry * 16;
  for (let i = 0; i < 16; i++) if (column[start + i] !== value[i]) return false;
  return true;
}

function wordAt(bytes: Uint8Array, word: number): number {
  const at = word * words;
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}
