import {
  base64Decode,
  type Checkpoint,
  equalBytes,
  parseGrowthProof,
  parseSignedCheckpoint,
  utf8Encode,
  verifyConsistency,
} from "@custody/proof";
import { attempt, type Case, type OpenedBundle } from "./case.ts";
import type { SignedLog } from "./log-signature.ts";
import { paths } from "./paths.ts";

export type PreviousVerdict = "consistent" | "inconsistent" | "unproven" | "absent";

/** Step 4. The log only ever grew: from the run's checkpoint to the export's, and from the previous bundle's to this. */
export async function checkGrowth(
  each: Case,
  opened: OpenedBundle,
  log: SignedLog,
): Promise<PreviousVerdict> {
  const { checkpoint } = log.checkpoint;
  const run = log.runCheckpoint?.checkpoint;
  if (run !== undefined && !(await grows(each, run, log, paths.consistency))) {
    each.book.add("CHECKPOINT_REPLACED", `size ${run.size} to ${checkpoint.size}`);
  }
  const verdict = await checkPrevious(each, opened, log);
  if (verdict === "absent") each.book.limit("PREVIOUS_ABSENT");
  if (verdict === "unproven") each.book.limit("PREVIOUS_UNPROVEN");
  if (verdict === "inconsistent") each.book.add("PREVIOUS_INCONSISTENT", paths.previousConsistency);
  return verdict;
}

async function grows(
  { bundle, book, hasher }: Case,
  from: Checkpoint,
  log: SignedLog,
  path: string,
): Promise<boolean> {
  const { checkpoint, note } = log.checkpoint;
  const proof = await attempt(book, "GROWTH_FORMAT", path, async () =>
    parseGrowthProof(await bundle.read(path)),
  );
  // A proof that cannot be read is a finding of its own; it is not said twice.
  if (proof === undefined) return true;
  const target = await attempt(book, "GROWTH_FORMAT", path, () =>
    parseSignedCheckpoint(proof.checkpoint),
  );
  const sameTarget =
    target !== undefined && equalBytes(utf8Encode(target.note.text), utf8Encode(note.text));
  if (!sameTarget || from.origin !== checkpoint.origin || proof.oldSize !== from.size) return false;
  const verdict = verifyConsistency(hasher, {
    fromSize: from.size,
    fromRoot: from.root,
    toSize: checkpoint.size,
    toRoot: checkpoint.root,
    proof: proof.hashes,
  });
  return verdict === "ok";
}

/** The earlier checkpoint comes from the caller where an earlier bundle is in hand; what this bundle says of it must agree. */
async function checkPrevious(
  each: Case,
  { manifest }: OpenedBundle,
  log: SignedLog,
): Promise<PreviousVerdict> {
  const { previous } = each.options;
  const claimed = manifest.log.prev_bundle;
  if (previous === undefined && claimed === undefined) return "absent";
  const given =
    previous === undefined
      ? undefined
      : await attempt(each.book, "CHECKPOINT_FORMAT", "previous bundle", async () =>
          parseSignedCheckpoint(await previous.read(paths.checkpoint)),
        );
  if (previous !== undefined && given === undefined) return "unproven";
  const { origin, size, root } = log.checkpoint.checkpoint;
  const from: Checkpoint | undefined =
    given?.checkpoint ??
    (await attempt(each.book, "MANIFEST_FORMAT", "log.prev_bundle", () => ({
      origin,
      size: claimed?.size ?? 0,
      root: base64Decode(claimed?.root ?? ""),
    })));
  if (from === undefined) return "unproven";
  if (from.origin !== origin || from.size > size) return "inconsistent";
  if (from.size === size) return equalBytes(from.root, root) ? "consistent" : "inconsistent";
  if (!each.bundle.paths.includes(paths.previousConsistency)) return "unproven";
  return (await grows(each, from, log, paths.previousConsistency)) ? "consistent" : "inconsistent";
}
