import { readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  ProofError,
  parseEntryBundle,
  type Tile,
  type TileBytes,
  type TileReader,
  tilePath,
  tileWidth,
} from "@custody/proof";
import { makeFolder, syncFolder, writeSynced } from "./durable-file.ts";
import { reasonOf } from "./errors.ts";

/** Every tile is whole or absent, and on the disk with its name, when this resolves. Writing a tile again gives the same bytes. */
export async function writeTiles(folder: string, files: readonly TileBytes[]): Promise<void> {
  const placed = files.map(({ tile, bytes }) => ({ path: join(folder, tilePath(tile)), bytes }));
  const folders = new Set(placed.map(({ path }) => dirname(path)));
  // One after another: two of them may share a parent that does not exist yet.
  for (const path of folders) await makeFolder(path);
  await Promise.all(placed.map(({ path, bytes }) => writeSynced(`${path}.tmp`, bytes)));
  await Promise.all(placed.map(({ path }) => rename(`${path}.tmp`, path)));
  await Promise.all([...folders].map(syncFolder));
}

/** Reads a tile, or the larger one that contains it: partial tiles are deleted once the full one exists. */
export function createTileFiles(folder: string): TileReader {
  return async (tile) => {
    const bytes = await readTile(folder, tile);
    if (bytes === undefined) throw new Error(`${tilePath(tile)} is missing`);
    return bytes;
  };
}

export async function readTile(folder: string, tile: Tile): Promise<Uint8Array | undefined> {
  const exact = await readIfThere(join(folder, tilePath(tile)));
  if (exact !== undefined || tile.width === tileWidth) return exact;
  return readIfThere(join(folder, tilePath({ ...tile, width: tileWidth })));
}

/** Undefined where the bundle is missing, cut or not one of 32-byte entries. */
export async function readEntries(
  folder: string,
  tile: Tile,
): Promise<readonly Uint8Array[] | undefined> {
  const bytes = await readTile(folder, tile);
  if (bytes === undefined) return undefined;
  try {
    const entries = parseEntryBundle(bytes).slice(0, tile.width);
    const whole = entries.length === tile.width && entries.every(({ length }) => length === 32);
    return whole ? entries : undefined;
  } catch (error) {
    if (error instanceof ProofError) return undefined;
    throw error;
  }
}

/** C2SP tlog-tiles lets a log delete partial tiles once the full one is there. */
export async function removePartials(folder: string, files: readonly TileBytes[]): Promise<void> {
  for (const { tile } of files) {
    if (tile.width < tileWidth) continue;
    await rm(join(folder, `${tilePath(tile)}.p`), { recursive: true, force: true });
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (reasonOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
