import { assertDigest } from "./bytes.ts";
import { ProofError } from "./errors.ts";
import type { TreeHasher } from "./hasher.ts";
import { treeLeavesMax } from "./limits.ts";
import { assertTreeSize, foldSubtrees, planRoot } from "./subtree.ts";
import { hashBytes, type Tile, tileOf, tileWidth, tileWidthAt } from "./tile.ts";
import { tileHashesRoot } from "./tile-reader.ts";

export interface TileBytes {
  readonly tile: Tile;
  readonly bytes: Uint8Array;
}

/**
 * The right edge of a tiled tree: what a log holds in memory to append leaves, to write every tile once and
 * to know its root. It costs one node hash a leaf. Losing it costs reading one partial tile per level.
 */
export interface TileEdge {
  readonly size: number;
  append(leafHash: Uint8Array): void;
  /** The tiles that became full since the last call. Ownership of the bytes passes to the caller. */
  takeFull(): TileBytes[];
  /** The partial tiles of the present size, lowest level first: the state to store, and to publish. */
  partial(): TileBytes[];
  root(): Uint8Array;
}

/** Continues at `size` from the partial tiles of that size, or starts the empty tree. */
export function createTileEdge(
  hasher: TreeHasher,
  from: { readonly size: number; readonly partial: readonly TileBytes[] } = {
    size: 0,
    partial: [],
  },
): TileEdge {
  let size = from.size;
  const levels = restoreLevels(from.size, from.partial);
  let full: TileBytes[] = [];

  const push = (level: number, hash: Uint8Array): void => {
    const edge = levels[level] ?? {
      index: 0,
      width: 0,
      bytes: new Uint8Array(tileWidth * hashBytes),
    };
    levels[level] = edge;
    edge.bytes.set(hash, edge.width * hashBytes);
    edge.width += 1;
    if (edge.width < tileWidth) return;
    full.push({ tile: { level, index: edge.index, width: tileWidth }, bytes: edge.bytes });
    const above = tileHashesRoot(hasher, edge.bytes);
    levels[level] = {
      index: edge.index + 1,
      width: 0,
      bytes: new Uint8Array(tileWidth * hashBytes),
    };
    push(level + 1, above);
  };

  return {
    get size() {
      return size;
    },
    append(leafHash) {
      assertDigest(leafHash, "leaf hash");
      if (size >= treeLeavesMax) throw new ProofError("SIZE_RANGE", "the tree is full");
      push(0, leafHash);
      size += 1;
    },
    takeFull() {
      const taken = full;
      full = [];
      return taken;
    },
    partial: () =>
      levels.flatMap(({ index, width, bytes }, level) =>
        width === 0
          ? []
          : [{ tile: { level, index, width }, bytes: bytes.slice(0, width * hashBytes) }],
      ),
    root() {
      const hashes = planRoot(size)
        .flat()
        .map((subtree) => {
          const { tile, offset, count } = tileOf(subtree, size);
          const edge = tile.level === "entries" ? undefined : levels[tile.level];
          const start = offset * hashBytes;
          return tileHashesRoot(
            hasher,
            (edge?.bytes ?? new Uint8Array(0)).subarray(start, start + count * hashBytes),
          );
        });
      return foldSubtrees(hasher, hashes);
    },
  };
}

interface EdgeLevel {
  readonly index: number;
  width: number;
  readonly bytes: Uint8Array;
}

function restoreLevels(size: number, partial: readonly TileBytes[]): EdgeLevel[] {
  assertTreeSize(size);
  const levels: EdgeLevel[] = [];
  for (let level = 0; tileWidth ** level <= size; level++) {
    const index = Math.floor(size / tileWidth ** (level + 1));
    const width = tileWidthAt(level, index, size);
    const bytes = new Uint8Array(tileWidth * hashBytes);
    if (width > 0) {
      const stored = partial.find(({ tile }) => tile.level === level && tile.index === index);
      if (stored === undefined || stored.bytes.length < width * hashBytes) {
        throw new ProofError(
          "TILE_LENGTH",
          `size ${size} needs ${width} hashes of tile ${level}/${index}`,
        );
      }
      bytes.set(stored.bytes.subarray(0, width * hashBytes));
    }
    levels.push({ index, width, bytes });
  }
  return levels;
}
