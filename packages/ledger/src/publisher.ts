import { join } from "node:path";
import {
  createNoteSigner,
  createTileProver,
  equalBytes,
  parseSignedCheckpoint,
  type Signer,
  signCheckpoint,
  utf8Encode,
  verifyCheckpoint,
  verifyConsistency,
} from "@custody/proof";
import { hexOf, sha256, treeHasher } from "./digest.ts";
import type { Drain } from "./drain.ts";
import { replaceFile } from "./durable-file.ts";
import { checkSignature } from "./ed25519.ts";
import { LedgerError } from "./errors.ts";
import { checkpointName, type LedgerLayout } from "./layout.ts";
import type { OnStep } from "./ports.ts";
import type { TreeHead } from "./receipts.ts";
import { writeState } from "./state-file.ts";
import { createTileFiles, removePartials, writeTiles } from "./tile-files.ts";
import type { PendingSeal } from "./tip.ts";

/** Brings a sealed size under a signed checkpoint, once everything below it is stored. */
export interface Publisher {
  /** The newest published tree head. */
  readonly published: TreeHead | undefined;
  /**
   * Every step may be repeated after a failure or a crash. False when the ledger was closed before the store had everything.
   * Throws SPLIT_VIEW rather than sign a tree that does not extend the last signed one.
   */
  publish(pending: PendingSeal): Promise<boolean>;
}

export interface PublisherParts {
  readonly origin: string;
  readonly layout: LedgerLayout;
  readonly signer: Signer;
  readonly drain: Drain;
  readonly signed: TreeHead | undefined;
  readonly published: TreeHead | undefined;
  readonly onStep: OnStep;
}

export function createPublisher(parts: PublisherParts): Publisher {
  const { origin, layout, drain, onStep } = parts;
  const prover = createTileProver(treeHasher, createTileFiles(layout.folder));
  const noteSigner = createNoteSigner(sha256, origin, parts.signer);
  let { signed, published } = parts;

  /** Reads the tiles back: what is signed is what a reader will find. */
  const assertExtends = async (next: TreeHead): Promise<void> => {
    if (!equalBytes(await prover.root(next.size), next.root)) {
      throw new LedgerError("SPLIT_VIEW", `the tiles of size ${next.size} have another root`);
    }
    if (signed === undefined) return;
    const proof = signed.size > next.size ? [] : await prover.consistency(signed.size, next.size);
    const verdict = verifyConsistency(treeHasher, {
      fromSize: signed.size,
      fromRoot: signed.root,
      toSize: next.size,
      toRoot: next.root,
      proof,
    });
    if (verdict !== "ok") {
      const roots = `${signed.size}:${hexOf(signed.root)} and ${next.size}:${hexOf(next.root)}`;
      throw new LedgerError("SPLIT_VIEW", `${roots} are not one tree: ${verdict}`);
    }
  };

  const sign = async (next: TreeHead): Promise<string> => {
    const note = await signCheckpoint({ origin, ...next }, [noteSigner]);
    // An external signer is not believed: a checkpoint that nobody can verify would be published for ever.
    const check = await verifyCheckpoint(checkSignature, parseSignedCheckpoint(utf8Encode(note)), [
      noteSigner.key,
    ]);
    if (check.verdict === "verified") return note;
    throw new LedgerError("SIGNATURE", "the signer's answer is not a signature of the log's key");
  };

  return {
    get published() {
      return published;
    },
    async publish({ capture, head }) {
      if (!(await drain.storedUpTo(capture.size))) return false;
      onStep("publish.stored");
      await writeTiles(layout.folder, capture.files);
      onStep("publish.tiled");
      const next: TreeHead = { size: capture.size, root: capture.root };
      await assertExtends(next);
      await writeState(layout.state, origin, { head, signed: next });
      signed = next;
      onStep("publish.noted");
      const note = await sign(next);
      onStep("publish.signed");
      await replaceFile(join(layout.checkpoints, checkpointName(next.size)), note);
      await replaceFile(layout.checkpoint, note);
      published = next;
      onStep("publish.published");
      await drain.release(next.size);
      await removePartials(layout.folder, capture.files);
      return true;
    },
  };
}
