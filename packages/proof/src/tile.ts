import { ProofError } from "./errors.ts";
import { assertTreeSize, type Subtree } from "./subtree.ts";

/** C2SP tlog-tiles: a full tile is 256 hashes wide, which is eight levels of the tree. */
export const tileWidth = 256;
const tileHeight = 8;
export const hashBytes = 32;

/** Level 63 is the largest the specification can name; no tree of ours reaches past level 6. */
const tileLevelMax = 63;

/** A tile of hashes, or with level "entries" a bundle of log entries. `width` is 256, or less when partial. */
export interface Tile {
  readonly level: number | "entries";
  readonly index: number;
  readonly width: number;
}

export interface TilePosition {
  readonly tile: Tile;
  /** Where the subtree's hashes begin in the tile, counted in hashes. */
  readonly offset: number;
  readonly count: number;
}

/** Prints `tile/<L>/<N>[.p/<W>]`, N as three-digit groups: 1234067 is x001/x234/067. */
export function tilePath({ level, index, width }: Tile): string {
  let rest = Math.floor(index / 1000);
  let path = String(index % 1000).padStart(3, "0");
  while (rest > 0) {
    path = `x${String(rest % 1000).padStart(3, "0")}/${path}`;
    rest = Math.floor(rest / 1000);
  }
  return `tile/${level}/${path}${width < tileWidth ? `.p/${width}` : ""}`;
}

const tileShape = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/){0,6}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** The path comes from a URL or a directory: it is hostile, and only its one canonical spelling is taken. */
export function parseTilePath(path: string): Tile {
  const [, level, groups, partial] = tileShape.exec(path) ?? [];
  if (level === undefined || groups === undefined) {
    throw new ProofError("TILE_PATH", "not a tile path");
  }
  const tile: Tile = {
    level: level === "entries" ? level : Number(level),
    index: Number(groups.replaceAll(/[x/]/g, "")),
    width: partial === undefined ? tileWidth : Number(partial),
  };
  if (tile.level !== "entries" && tile.level > tileLevelMax) {
    throw new ProofError("TILE_PATH", `tile level ${tile.level} is past ${tileLevelMax}`);
  }
  if (!Number.isSafeInteger(tile.index) || tilePath(tile) !== path) {
    throw new ProofError("TILE_PATH", "tile path is not canonical");
  }
  return tile;
}

/** How many hashes of a tile exist in a tree of `size` leaves: 0 to 256. */
export function tileWidthAt(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / tileWidth ** level);
  return Math.max(0, Math.min(tileWidth, hashes - index * tileWidth));
}

/** The tile that holds a subtree's hashes in a tree of `size` leaves. */
export function tileOf({ level, index }: Subtree, size: number): TilePosition {
  const tileLevel = Math.floor(level / tileHeight);
  const count = 2 ** (level % tileHeight);
  const first = index * count;
  const tileIndex = Math.floor(first / tileWidth);
  return {
    tile: {
      level: tileLevel,
      index: tileIndex,
      width: tileWidthAt(tileLevel, tileIndex, size),
    },
    offset: first % tileWidth,
    count,
  };
}

/**
 * Every tile a log must write when it grows: the full ones that became complete and the partial ones at
 * the new right edge, lowest level first. With `entries` as level, the bundles that go with them.
 */
export function tilesOfGrowth(fromSize: number, toSize: number): Tile[] {
  assertTreeSize(fromSize);
  assertTreeSize(toSize);
  const tiles: Tile[] = [];
  for (let level = 0; tileWidth ** level <= toSize; level++) {
    tiles.push(...grownTiles(level, fromSize, toSize));
  }
  return tiles;
}

export function entryBundlesOfGrowth(fromSize: number, toSize: number): Tile[] {
  assertTreeSize(fromSize);
  assertTreeSize(toSize);
  return grownTiles(0, fromSize, toSize).map((tile) => ({ ...tile, level: "entries" }));
}

function grownTiles(level: number, fromSize: number, toSize: number): Tile[] {
  const before = Math.floor(fromSize / tileWidth ** level);
  const after = Math.floor(toSize / tileWidth ** level);
  const tiles: Tile[] = [];
  if (after <= before) return tiles;
  for (let index = Math.floor(before / tileWidth); index * tileWidth < after; index++) {
    tiles.push({ level, index, width: Math.min(tileWidth, after - index * tileWidth) });
  }
  return tiles;
}
