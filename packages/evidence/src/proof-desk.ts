import type { LedgerReader } from "@custody/ledger/reader";
import {
  base64Encode,
  createTileProver,
  createTreeHasher,
  parseSignedCheckpoint,
  printGrowthProof,
  printTlogProof,
  tilePath,
  utf8Encode,
} from "@custody/proof";
import { sha256 } from "./digest.ts";
import { EvidenceError } from "./errors.ts";

/** Proofs against one checkpoint, however far the log has grown since: a bundle's proofs must all be of one tree. */
export interface ProofDesk {
  readonly note: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** The text the signatures cover. */
  readonly body: string;
  inclusion(leaf: number): Promise<string>;
  growth(fromSize: number): Promise<string>;
}

export async function openProofDesk(
  log: LedgerReader,
  origin: string,
  size?: number,
): Promise<ProofDesk> {
  const note = await (size === undefined ? log.checkpoint(origin) : log.checkpointAt(origin, size));
  if (note === undefined) {
    throw new EvidenceError(
      "LEDGER_EMPTY",
      `${origin} has no checkpoint${size === undefined ? "" : ` of size ${size}`}`,
    );
  }
  const checkpoint = utf8Encode(note);
  const signed = parseSignedCheckpoint(checkpoint);
  const { size: covered, root } = signed.checkpoint;
  const prover = createTileProver(createTreeHasher(sha256), async (tile) => {
    const answer = await log.tile(origin, tilePath(tile));
    if (answer.outcome === "found") return answer.bytes;
    throw new EvidenceError("PROOF_MISMATCH", `${tilePath(tile)} of ${origin}: ${answer.outcome}`);
  });
  return {
    note,
    size: covered,
    root: base64Encode(root),
    body: signed.note.text,
    async inclusion(leaf) {
      return printTlogProof({
        index: leaf,
        hashes: await prover.inclusion(leaf, covered),
        checkpoint,
      });
    },
    async growth(fromSize) {
      const hashes = await prover.consistency(fromSize, covered);
      return printGrowthProof({ oldSize: fromSize, hashes, checkpoint });
    },
  };
}
