import {
  createTileEdge,
  equalBytes,
  type NoteKey,
  parseSignedCheckpoint,
  parseVkey,
  type TileBytes,
  type TileEdge,
  tilePath,
  tileWidth,
  verifyCheckpoint,
} from "@custody/proof";
import type { CataloguedLedger } from "./catalogue.ts";
import { checkpointAt, checkpointSizes, type PublishedCheckpoint } from "./checkpoint-files.ts";
import { sha256, treeHasher } from "./digest.ts";
import { checkSignature } from "./ed25519.ts";
import type { FsckTally } from "./fsck-report.ts";
import { readEntries, readTile } from "./tile-files.ts";

/** Builds the tree again from the entry bundles and compares every tile and every checkpoint with it. Answers the published size. */
export async function checkTree(ledger: CataloguedLedger, tally: FsckTally): Promise<number> {
  const { layout, identity } = ledger;
  const { origin } = identity;
  const key = parseVkey(sha256, identity.vkey);
  const sizes = await checkpointSizes(layout);
  const published = sizes.at(-1) ?? 0;
  const edge = createTileEdge(treeHasher);
  const checkpoints = new Map<number, PublishedCheckpoint>();
  // One after another: there may be a million of them.
  for (const size of sizes) {
    const checkpoint = await readCheckpoint(ledger, size, key, tally);
    if (checkpoint !== undefined) checkpoints.set(size, checkpoint);
  }
  for (let index = 0; index * tileWidth < published; index++) {
    const width = Math.min(tileWidth, published - index * tileWidth);
    const entries = await readEntries(layout.folder, { level: "entries", index, width });
    if (entries === undefined) {
      // Without these entries no later root can be known.
      tally.find("entries_missing", origin, index * tileWidth);
      return published;
    }
    appendEntries(edge, entries, origin, checkpoints, tally);
    await compareTiles(layout.folder, origin, edge.takeFull(), tally);
  }
  await compareTiles(layout.folder, origin, edge.partial(), tally);
  return published;
}

async function readCheckpoint(
  { layout, identity }: CataloguedLedger,
  size: number,
  key: NoteKey,
  tally: FsckTally,
): Promise<PublishedCheckpoint | undefined> {
  tally.count("checkpoints", 1);
  const read = await checkpointAt(layout, size);
  if (read === undefined || read.checkpoint.size !== size) {
    tally.find("checkpoint_format", identity.origin, size);
    return undefined;
  }
  const check = await verifyCheckpoint(checkSignature, parseSignedCheckpoint(read.note), [key]);
  if (check.verdict !== "verified" || read.checkpoint.origin !== identity.origin) {
    tally.find("checkpoint_signature", identity.origin, size, check.verdict);
  }
  return read;
}

function appendEntries(
  edge: TileEdge,
  entries: readonly Uint8Array[],
  origin: string,
  checkpoints: ReadonlyMap<number, PublishedCheckpoint>,
  tally: FsckTally,
): void {
  for (const entry of entries) {
    edge.append(treeHasher.leaf(entry));
    const checkpoint = checkpoints.get(edge.size)?.checkpoint;
    if (checkpoint !== undefined && !equalBytes(checkpoint.root, edge.root())) {
      tally.find("checkpoint_root", origin, edge.size);
    }
  }
  tally.count("leaves", entries.length);
}

async function compareTiles(
  folder: string,
  origin: string,
  tiles: readonly TileBytes[],
  tally: FsckTally,
): Promise<void> {
  for (const { tile, bytes } of tiles) {
    const found = await readTile(folder, tile);
    const at = tile.index * tileWidth ** (1 + Number(tile.level));
    if (found === undefined) tally.find("tile_missing", origin, at, tilePath(tile));
    else if (!equalBytes(found.subarray(0, bytes.length), bytes)) {
      tally.find("tile_content", origin, at, tilePath(tile));
    }
  }
}
