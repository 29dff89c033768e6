import { type Tile, type TileBytes, tileWidth, tileWidthAt } from "@custody/proof";
import { readEntries, readTile } from "./tile-files.ts";
import type { TreeStart } from "./tree.ts";

/** What the tree of `size` continues from, as its tiles have it; undefined where one is missing. */
export async function readTreeStart(folder: string, size: number): Promise<TreeStart | undefined> {
  const partial: TileBytes[] = [];
  for (const tile of partialTiles(size)) {
    const bytes = await readTile(folder, tile);
    if (bytes === undefined || bytes.length < tile.width * 32) return undefined;
    partial.push({ tile, bytes });
  }
  const width = size % tileWidth;
  if (width === 0) return { size, partial, entries: [] };
  const tile: Tile = { level: "entries", index: Math.floor(size / tileWidth), width };
  const entries = await readEntries(folder, tile);
  return entries && { size, partial, entries };
}

/** The partial tiles at the right edge of a tree, lowest level first. */
function partialTiles(size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; tileWidth ** level <= size; level++) {
    const index = Math.floor(size / tileWidth ** (level + 1));
    const width = tileWidthAt(level, index, size);
    if (width > 0) tiles.push({ level, index, width });
  }
  return tiles;
}
