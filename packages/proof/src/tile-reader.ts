import { createCompactRange } from "./compact-range.ts";
import { ProofError } from "./errors.ts";
import type { TreeHasher } from "./hasher.ts";
import {
  assertLeafIndex,
  foldSubtrees,
  type HashPlan,
  planConsistency,
  planInclusion,
  planRoot,
  type Subtree,
} from "./subtree.ts";
import { hashBytes, type Tile, tileOf, tilePath, tileWidth } from "./tile.ts";

/**
 * Reads one tile. It may answer with the full tile where a partial one was asked for, because a log may
 * delete a partial tile once the full one exists (C2SP tlog-tiles). Rejects when it has neither.
 */
export type TileReader = (tile: Tile) => Promise<Uint8Array>;

/** Makes proofs from tiles. Nothing it reads is trusted: whoever uses a proof verifies it against a checkpoint. */
export interface TileProver {
  root(size: number): Promise<Uint8Array>;
  leafHash(index: number, size: number): Promise<Uint8Array>;
  inclusion(index: number, size: number): Promise<Uint8Array[]>;
  consistency(fromSize: number, toSize: number): Promise<Uint8Array[]>;
}

export function createTileProver(hasher: TreeHasher, read: TileReader): TileProver {
  const hashes = (plan: HashPlan, size: number) => readPlan(hasher, read, plan, size);
  return {
    async root(size) {
      const [root] = await hashes(planRoot(size), size);
      return root ?? hasher.empty();
    },
    async leafHash(index, size) {
      assertLeafIndex(index, size);
      const [leafHash] = await hashes([[{ level: 0, index }]], size);
      return leafHash ?? hasher.empty();
    },
    inclusion: async (index, size) => hashes(planInclusion(index, size), size),
    consistency: async (fromSize, toSize) => hashes(planConsistency(fromSize, toSize), toSize),
  };
}

/** Reads each tile of a plan once, all of them at the same time: a plan touches at most two per level. */
async function readPlan(
  hasher: TreeHasher,
  read: TileReader,
  plan: HashPlan,
  size: number,
): Promise<Uint8Array[]> {
  const wanted = new Map<string, Tile>();
  for (const subtree of plan.flat()) {
    const { tile } = tileOf(subtree, size);
    wanted.set(tilePath(tile), tile);
  }
  const tiles = new Map(
    await Promise.all([...wanted].map(async ([path, tile]) => [path, await read(tile)] as const)),
  );
  for (const [path, tile] of wanted) assertTileBytes(tiles.get(path), tile);
  return plan.map((cover) =>
    foldSubtrees(
      hasher,
      cover.map((subtree) => subtreeHash(hasher, tiles, subtree, size)),
    ),
  );
}

function subtreeHash(
  hasher: TreeHasher,
  tiles: ReadonlyMap<string, Uint8Array>,
  subtree: Subtree,
  size: number,
): Uint8Array {
  const { tile, offset, count } = tileOf(subtree, size);
  const bytes = tiles.get(tilePath(tile)) ?? new Uint8Array(0);
  return tileHashesRoot(hasher, bytes.subarray(offset * hashBytes, (offset + count) * hashBytes));
}

/** The root over concatenated hashes: of a full tile, this is its one hash in the tile above. */
export function tileHashesRoot(hasher: TreeHasher, hashes: Uint8Array): Uint8Array {
  const range = createCompactRange(hasher);
  for (let at = 0; at < hashes.length; at += hashBytes) {
    range.append(hashes.slice(at, at + hashBytes));
  }
  return range.root();
}

function assertTileBytes(bytes: Uint8Array | undefined, tile: Tile): void {
  const length = bytes?.length ?? 0;
  const shortest = tile.width * hashBytes;
  const fits = length >= shortest && length <= tileWidth * hashBytes && length % hashBytes === 0;
  if (!fits) {
    throw new ProofError("TILE_LENGTH", `${tilePath(tile)} has ${length} bytes, not ${shortest}`);
  }
}
