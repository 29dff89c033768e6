import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../../../test/support/crypto.ts";
import { parseEntryBundle, printEntryBundle } from "./entry-bundle.ts";
import { ProofError } from "./errors.ts";
import { createTreeHasher } from "./hasher.ts";
import {
  consistencyProof,
  inclusionProof,
  merkleRoot,
  verifyConsistency,
  verifyInclusion,
} from "./merkle.ts";
import { entryBundlesOfGrowth, parseTilePath, tilePath, tilesOfGrowth } from "./tile.ts";
import { createTileEdge, type TileBytes } from "./tile-edge.ts";
import { createTileProver, type TileReader } from "./tile-reader.ts";

const hasher = createTreeHasher(sha256);
const leaf = (i: number): Uint8Array =>
  hasher.leaf(Uint8Array.of(i & 255, (i >> 8) & 255, i >> 16));

function grow(sizes: readonly number[]): {
  read: TileReader;
  leaves: Uint8Array[];
  paths: string[];
} {
  const stored = new Map<string, Uint8Array>();
  const leaves: Uint8Array[] = [];
  const edge = createTileEdge(hasher);
  const put = ({ tile, bytes }: TileBytes): void => {
    expect(bytes.length).toBe(tile.width * 32);
    stored.set(tilePath(tile), bytes);
  };
  for (const size of sizes) {
    while (edge.size < size) {
      leaves.push(leaf(edge.size));
      edge.append(leaf(edge.size));
    }
    edge.takeFull().forEach(put);
    edge.partial().forEach(put);
  }
  const read: TileReader = async (tile) => {
    const bytes = stored.get(tilePath(tile));
    if (bytes === undefined) throw new RangeError(`no ${tilePath(tile)}`);
    return bytes;
  };
  return { read, leaves, paths: [...stored.keys()] };
}

test("the path of tile 1234067 is the one the specification prints", () => {
  expect(tilePath({ level: 0, index: 1234067, width: 256 })).toBe("tile/0/x001/x234/067");
  expect(tilePath({ level: "entries", index: 0, width: 255 })).toBe("tile/entries/000.p/255");
  expect(tilePath({ level: 1, index: 1000, width: 1 })).toBe("tile/1/x001/000.p/1");
});

test("every tile survives its path", () => {
  const level = fc.oneof(fc.nat(63), fc.constant("entries" as const));
  const index = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  const width = fc.integer({ min: 1, max: 256 });
  fc.assert(
    fc.property(fc.record({ level, index, width }), (tile) => {
      expect(parseTilePath(tilePath(tile))).toEqual(tile);
    }),
  );
});

const hostilePaths = [
  "tile/0/",
  "tile/00/000",
  "tile/64/000",
  "tile/0/0",
  "tile/0/1234",
  "tile/0/x000/001",
  "tile/0/001/002",
  "tile/0/x001/x002",
  "tile/0/000.p/0",
  "tile/0/000.p/256",
  "tile/0/000.p/01",
  "tile/0/../000",
  "/tile/0/000",
  "tile/0/000/",
  "tile/0/000\n",
  "tile/Entries/000",
  "tile/0/x999/x999/x999/x999/x999/x999/999",
];
test.each(hostilePaths)("the path %j is refused", (path) => {
  expect(() => parseTilePath(path)).toThrow(expect.objectContaining({ code: "TILE_PATH" }));
});

test("a tree of 70,000 is the tiles the specification counts", () => {
  const count = (tiles: readonly { level: unknown; width: number }[], level: unknown) => ({
    full: tiles.filter((tile) => tile.level === level && tile.width === 256).length,
    partial: tiles.filter((tile) => tile.level === level && tile.width < 256).map((t) => t.width),
  });
  const tiles = tilesOfGrowth(0, 70_000);
  expect(count(tiles, 0)).toEqual({ full: 273, partial: [112] });
  expect(count(tiles, 1)).toEqual({ full: 1, partial: [17] });
  expect(count(tiles, 2)).toEqual({ full: 0, partial: [1] });
  expect(tiles.some(({ level }) => level === 3)).toBe(false);
  expect(count(entryBundlesOfGrowth(0, 70_000), "entries")).toEqual({ full: 273, partial: [112] });
});

test("a tree of 256 is one full tile and one hash above it", () => {
  expect(tilesOfGrowth(0, 256).map(tilePath)).toEqual(["tile/0/000", "tile/1/000.p/1"]);
});

test("growth names exactly the tiles that the right edge gives", () => {
  const sizes = [1, 255, 256, 257, 300, 512, 1000];
  const { paths } = grow(sizes);
  const named = sizes.flatMap((size, i) => tilesOfGrowth(sizes[i - 1] ?? 0, size).map(tilePath));
  expect([...paths].sort()).toEqual([...new Set(named)].sort());
});

test.each([1, 2, 255, 256, 257, 511, 512, 513, 1000])(
  "proofs from the tiles of a tree of %i equal proofs from its leaves",
  async (size) => {
    const { read, leaves } = grow([size]);
    const prover = createTileProver(hasher, read);
    const root = merkleRoot(hasher, leaves);
    expect(await prover.root(size)).toEqual(root);
    for (const index of [0, 1, 127, 254, 255, 256, 257, size - 1]) {
      if (index >= size) continue;
      expect(await prover.leafHash(index, size)).toEqual(leaves[index]);
      const proof = await prover.inclusion(index, size);
      expect(proof).toEqual(inclusionProof(hasher, leaves, index));
    }
    for (const from of [0, 1, 128, 255, 256, 257, size]) {
      if (from > size) continue;
      expect(await prover.consistency(from, size)).toEqual(consistencyProof(hasher, leaves, from));
    }
  },
);

test.each([65_535, 65_536, 65_537])(
  "a tree of %i proves itself through three levels of tiles",
  async (size) => {
    const { read, leaves } = grow([300, size]);
    const prover = createTileProver(hasher, read);
    const root = merkleRoot(hasher, leaves);
    expect(await prover.root(size)).toEqual(root);
    for (const index of [0, 65_279, 65_280, size - 1]) {
      const leafHash = leaf(index);
      const proof = await prover.inclusion(index, size);
      expect(verifyInclusion(hasher, { index, size, leafHash, proof, root })).toBe("ok");
    }
    for (const fromSize of [300, 65_280, 65_534]) {
      const fromRoot = merkleRoot(hasher, leaves.slice(0, fromSize));
      const proof = await prover.consistency(fromSize, size);
      const claim = { fromSize, fromRoot, toSize: size, toRoot: root, proof };
      expect(verifyConsistency(hasher, claim)).toBe("ok");
    }
  },
);

test("an edge restored from its partial tiles goes on as if never stopped", () => {
  fc.assert(
    fc.property(fc.nat(700), fc.nat(700), (before, after) => {
      const first = createTileEdge(hasher);
      for (let i = 0; i < before; i++) first.append(leaf(i));
      const second = createTileEdge(hasher, { size: first.size, partial: first.partial() });
      expect(second.root()).toEqual(first.root());
      for (let i = before; i < before + after; i++) second.append(leaf(i));
      const whole = Array.from({ length: before + after }, (_, i) => leaf(i));
      expect(second.root()).toEqual(merkleRoot(hasher, whole));
    }),
    { numRuns: 20 },
  );
});

test("an edge without the tiles of its size is refused", () => {
  expect(() => createTileEdge(hasher, { size: 3, partial: [] })).toThrow(
    expect.objectContaining({ code: "TILE_LENGTH" }),
  );
});

test("a reader may answer with the full tile for a partial one, but not with fewer or odd bytes", async () => {
  const small = grow([200]);
  const large = grow([256]);
  const full: TileReader = async (tile) => large.read({ ...tile, width: 256 });
  expect(await createTileProver(hasher, full).root(200)).toEqual(merkleRoot(hasher, small.leaves));
  for (const length of [0, 199 * 32, 200 * 32 + 1, 257 * 32]) {
    const short: TileReader = async () => new Uint8Array(length);
    await expect(createTileProver(hasher, short).root(200)).rejects.toThrow(ProofError);
  }
});

test("entry bundles survive their bytes, up to 65,535 bytes an entry", () => {
  const entries = [new Uint8Array(0), new Uint8Array(65_535).fill(7), Uint8Array.of(1, 2, 3)];
  expect(parseEntryBundle(printEntryBundle(entries))).toEqual(entries);
  const digests = Array.from({ length: 256 }, (_, i) => leaf(i));
  expect(printEntryBundle(digests).length).toBe(8_704);
});

test("a cut bundle, a trailing byte, a 257th entry and an entry too long are refused", () => {
  const refused = expect.objectContaining({ code: "ENTRY_BUNDLE" });
  expect(() => parseEntryBundle(Uint8Array.of(0, 2, 9))).toThrow(refused);
  expect(() => parseEntryBundle(Uint8Array.of(0, 1, 9, 0))).toThrow(refused);
  expect(() => parseEntryBundle(new Uint8Array(2 * 257))).toThrow(refused);
  expect(() => printEntryBundle([new Uint8Array(65_536)])).toThrow(refused);
  expect(() => printEntryBundle([])).toThrow(refused);
});
