import {
  base64Encode,
  type NoteKey,
  parseSignedCheckpoint,
  parseVkey,
  quorumReached,
  type SignedCheckpoint,
  verifyCheckpoint,
  verifyQuorum,
} from "@custody/proof";
import { readText } from "./bundle.ts";
import { attempt, type Case, type OpenedBundle } from "./case.ts";
import { paths } from "./paths.ts";

export type Level = "failed" | "self_consistent" | "authentic" | "anchored";

/** Weakest first. */
export const levels = ["failed", "self_consistent", "authentic", "anchored"] as const;

export const levelReaches = (level: Level, required: Level): boolean =>
  levels.indexOf(level) >= levels.indexOf(required);

export interface SignedLog {
  readonly checkpoint: SignedCheckpoint;
  readonly runCheckpoint: SignedCheckpoint | undefined;
  /** What the signatures are worth, if nothing else is found. */
  readonly level: Exclude<Level, "failed">;
}

/** Step 3. Both checkpoints are signed by the log, and, where you say whom you trust, by a log you trust. */
export async function checkLogSignature(
  each: Case,
  { manifest }: OpenedBundle,
): Promise<SignedLog | undefined> {
  const { book, options } = each;
  const checkpoint = await readCheckpoint(each, paths.checkpoint);
  const runCheckpoint = await readCheckpoint(each, paths.runCheckpoint);
  if (checkpoint === undefined) return undefined;
  const { origin, size, root } = checkpoint.checkpoint;
  const { log } = manifest;
  if (origin !== log.origin || size !== log.size || base64Encode(root) !== log.root) {
    book.add("CHECKPOINT_MISMATCH", paths.checkpoint);
  }
  const keys = options.trust?.logs ?? (await readLogKeys(each, log.vkeys));
  await checkSigned(each, checkpoint, keys, paths.checkpoint);
  if (runCheckpoint !== undefined)
    await checkSigned(each, runCheckpoint, keys, paths.runCheckpoint);
  const anchored = await isAnchored(each, checkpoint);
  if (options.trust === undefined) each.book.limit("UNPINNED");
  if (!anchored) each.book.limit("UNANCHORED");
  const authentic = options.trust === undefined ? "self_consistent" : "authentic";
  return { checkpoint, runCheckpoint, level: anchored ? "anchored" : authentic };
}

function readCheckpoint(each: Case, path: string): Promise<SignedCheckpoint | undefined> {
  return attempt(each.book, "CHECKPOINT_FORMAT", path, async () =>
    parseSignedCheckpoint(await each.bundle.read(path)),
  );
}

async function readLogKeys(each: Case, listed: readonly string[]): Promise<readonly NoteKey[]> {
  const { bundle, book, ports } = each;
  const keys = await attempt(book, "LOG_KEY_FORMAT", paths.logKeys, async () => {
    const lines = (await readText(bundle, paths.logKeys)).trimEnd().split("\n");
    if (lines.join("\n") !== listed.join("\n")) book.add("LOG_KEY_FORMAT", "manifest lists others");
    return lines.map((line) => parseVkey(ports.sha256, line));
  });
  return keys ?? [];
}

async function checkSigned(
  { ports, book, options }: Case,
  signed: SignedCheckpoint,
  keys: readonly NoteKey[],
  path: string,
): Promise<void> {
  const { verdict } = await verifyCheckpoint(ports.checkSignature, signed, keys);
  if (verdict === "verified") return;
  const untrusted = verdict === "unknown" && options.trust !== undefined;
  book.add(untrusted ? "LOG_UNTRUSTED" : "LOG_SIGNATURE", path);
}

async function isAnchored(
  { ports, book, options }: Case,
  { note }: SignedCheckpoint,
): Promise<boolean> {
  const { trust } = options;
  if (trust === undefined || trust.quorum === undefined) return false;
  const { witnesses, quorum } = trust;
  const seen = await verifyQuorum(ports.checkSignature, note, { witnesses, quorum: 1 });
  if (seen.verdict === "forged") {
    book.add("WITNESS_FORGED", seen.witness.name);
    return false;
  }
  return quorumReached(quorum, new Set(seen.sightings.map(({ witness }) => witness)));
}
