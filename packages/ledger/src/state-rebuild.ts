import {
  createNoteKey,
  equalBytes,
  parseSignedCheckpoint,
  type Signer,
  type Tile,
  tileWidth,
  verifyCheckpoint,
} from "@custody/proof";
import { newestCheckpoint } from "./checkpoint-files.ts";
import { hexOf, sha256 } from "./digest.ts";
import { checkSignature } from "./ed25519.ts";
import type { Identity } from "./identity.ts";
import { parseMembers } from "./json-file.ts";
import type { LedgerLayout } from "./layout.ts";
import type { LedgerLookup } from "./ports.ts";
import { headOfSeal, type LedgerState } from "./state-file.ts";
import { readEntries } from "./tile-files.ts";

/**
 * Rebuilds a lost state from the newest checkpoint, its tiles and the seal under it. Each is checked against the one before:
 * the note by its signature, the seal by its hash in the entry bundle, the tiles by the signed root when the tree is opened.
 * Undefined where any of them is missing.
 */
export async function rebuildState(
  layout: LedgerLayout,
  identity: Identity,
  signer: Signer,
  lookup: LedgerLookup | undefined,
): Promise<LedgerState | undefined> {
  const newest = await newestCheckpoint(layout);
  if (newest === undefined || newest.checkpoint.origin !== identity.origin) return undefined;
  const key = createNoteKey(sha256, {
    name: identity.origin,
    type: "ed25519",
    publicKey: signer.publicKey,
  });
  const check = await verifyCheckpoint(checkSignature, parseSignedCheckpoint(newest.note), [key]);
  if (check.verdict !== "verified") return undefined;
  const { size, root } = newest.checkpoint;
  const canonical = await lookup?.canonical?.(identity.origin, size - 1).catch(() => undefined);
  const entry = await readEntry(layout.folder, size - 1, size);
  if (canonical === undefined || entry === undefined || !equalBytes(sha256(canonical), entry)) {
    return undefined;
  }
  const record = parseMembers(Buffer.from(canonical).toString("utf8"));
  if (record.text("class") !== "seal") return undefined;
  const seal = { leaf: size - 1, sha: hexOf(entry), rx: record.text("rx") };
  return { head: headOfSeal(record.object("body"), seal), signed: { size, root } };
}

/** The record hash at a leaf, from the entry bundles of a tree of `size`. */
async function readEntry(
  folder: string,
  leaf: number,
  size: number,
): Promise<Uint8Array | undefined> {
  const index = Math.floor(leaf / tileWidth);
  const tile: Tile = {
    level: "entries",
    index,
    width: Math.min(tileWidth, size - index * tileWidth),
  };
  return (await readEntries(folder, tile))?.[leaf % tileWidth];
}
