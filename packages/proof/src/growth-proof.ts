import { ProofError } from "./errors.ts";
import { parseDecimal, parseHashLines, printHashLines } from "./hash-lines.ts";
import { consistencyHashesMax, proofBytesMax } from "./limits.ts";
import { utf8Decode, utf8Encode } from "./utf8.ts";

/** The body of C2SP tlog-witness add-checkpoint: an old size, why the new tree extends it, the new checkpoint. */
export interface GrowthProof {
  readonly oldSize: number;
  readonly hashes: readonly Uint8Array[];
  /** The newer signed note, byte for byte. */
  readonly checkpoint: Uint8Array;
}

export function printGrowthProof({ oldSize, hashes, checkpoint }: GrowthProof): string {
  return `old ${oldSize}\n${printHashLines(hashes)}\n${utf8Decode(checkpoint)}`;
}

export function parseGrowthProof(bytes: Uint8Array): GrowthProof {
  if (bytes.length > proofBytesMax) {
    throw new ProofError("PROOF_LIMIT", `proof of ${bytes.length} bytes exceeds ${proofBytesMax}`);
  }
  const text = utf8Decode(bytes);
  const blank = text.indexOf("\n\n");
  const [first, ...lines] = text.slice(0, Math.max(blank, 0)).split("\n");
  if (first?.startsWith("old ") !== true) {
    throw new ProofError("PROOF_FORMAT", "proof names no old size, or no checkpoint follows");
  }
  return {
    oldSize: parseDecimal(first.slice("old ".length), "old size"),
    hashes: parseHashLines(lines, consistencyHashesMax),
    checkpoint: utf8Encode(text.slice(blank + 2)),
  };
}
