import {
  createTileEdge,
  entryBundlesOfGrowth,
  printEntryBundle,
  type Tile,
  type TileBytes,
  tileWidth,
} from "@custody/proof";
import { treeHasher } from "./digest.ts";

/** Everything a publication of one size writes. */
export interface TreeCapture {
  readonly size: number;
  readonly root: Uint8Array;
  /** Tiles and entry bundles that grew since the last capture. */
  readonly files: readonly TileBytes[];
}

/** The Merkle tree's right edge, and the entries not yet in a full bundle. */
export interface Tree {
  readonly size: number;
  append(recordSha256: Uint8Array): void;
  root(): Uint8Array;
  /** Taken at a seal, in the same turn in which the seal was appended: later leaves are not in it. */
  capture(): TreeCapture;
}

export interface TreeStart {
  readonly size: number;
  /** The partial tiles of that size. */
  readonly partial: readonly TileBytes[];
  /** Entries of the partial bundle of that size. */
  readonly entries: readonly Uint8Array[];
}

export function createTree(start: TreeStart = { size: 0, partial: [], entries: [] }): Tree {
  const edge = createTileEdge(treeHasher, start);
  let entries = [...start.entries];
  let firstEntry = start.size - entries.length;
  let captured = start.size;
  const published = new Map(start.partial.map(({ tile }) => [tile.level, nameOf(tile)]));

  const grownPartials = (): TileBytes[] =>
    edge.partial().filter(({ tile }) => {
      const grown = published.get(tile.level) !== nameOf(tile);
      published.set(tile.level, nameOf(tile));
      return grown;
    });

  const bundles = (): TileBytes[] =>
    entryBundlesOfGrowth(captured, edge.size).map((tile) => {
      const at = tile.index * tileWidth - firstEntry;
      return { tile, bytes: printEntryBundle(entries.slice(at, at + tile.width)) };
    });

  return {
    get size() {
      return edge.size;
    },
    append(recordSha256) {
      edge.append(treeHasher.leaf(recordSha256));
      entries.push(recordSha256);
    },
    root: () => edge.root(),
    capture() {
      const files = [...edge.takeFull(), ...grownPartials(), ...bundles()];
      const full = Math.floor((edge.size - firstEntry) / tileWidth) * tileWidth;
      entries = entries.slice(full);
      firstEntry += full;
      captured = edge.size;
      return { size: edge.size, root: edge.root(), files };
    },
  };
}

function nameOf({ index, width }: Tile): string {
  return `${index}.${width}`;
}

/** Two captures of one tree as one publication of the later size. */
export function joinCaptures(earlier: TreeCapture | undefined, later: TreeCapture): TreeCapture {
  if (earlier === undefined) return later;
  return { ...later, files: [...earlier.files, ...later.files] };
}
