import { base64Decode, base64Encode } from "./base64.ts";
import { parseSignedCheckpoint, type SignedCheckpoint } from "./checkpoint.ts";
import { ProofError } from "./errors.ts";
import { parseDecimal, parseHashLines, printHashLines } from "./hash-lines.ts";
import type { TreeHasher } from "./hasher.ts";
import { inclusionHashesMax, proofBytesMax } from "./limits.ts";
import { type ProofVerdict, verifyInclusion } from "./merkle.ts";
import { utf8Decode, utf8Encode } from "./utf8.ts";

const header = "c2sp.org/tlog-proof@v1";

/** C2SP tlog-proof: one file that shows, offline, that an entry is in a signed tree. */
export interface TlogProof {
  readonly index: number;
  /** The leaf's sibling first. */
  readonly hashes: readonly Uint8Array[];
  /** The signed note, byte for byte as the log published it. */
  readonly checkpoint: Uint8Array;
  /** Opaque and unauthenticated: nobody may trust it. */
  readonly extra?: Uint8Array;
}

export function printTlogProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  const extraLine = extra === undefined ? "" : `extra ${base64Encode(extra)}\n`;
  return `${header}\n${extraLine}index ${index}\n${printHashLines(hashes)}\n${utf8Decode(checkpoint)}`;
}

export function parseTlogProof(bytes: Uint8Array): TlogProof {
  if (bytes.length > proofBytesMax) {
    throw new ProofError("PROOF_LIMIT", `proof of ${bytes.length} bytes exceeds ${proofBytesMax}`);
  }
  const text = utf8Decode(bytes);
  // No line before the checkpoint is empty, so the first empty line ends the proof's own part.
  const blank = text.indexOf("\n\n");
  if (blank < 0) throw new ProofError("PROOF_FORMAT", "proof has no checkpoint");
  const [first, ...lines] = text.slice(0, blank).split("\n");
  if (first !== header) throw new ProofError("PROOF_FORMAT", `first line is not ${header}`);
  const extraLine = lines[0]?.startsWith("extra ") === true ? lines.shift() : undefined;
  const indexLine = lines.shift();
  if (indexLine?.startsWith("index ") !== true) {
    throw new ProofError("PROOF_FORMAT", "proof has no index");
  }
  return {
    index: parseDecimal(indexLine.slice("index ".length), "index"),
    hashes: parseHashLines(lines, inclusionHashesMax),
    checkpoint: utf8Encode(text.slice(blank + 2)),
    ...(extraLine === undefined ? {} : { extra: base64Decode(extraLine.slice("extra ".length)) }),
  };
}

export interface TlogProofCheck {
  readonly verdict: ProofVerdict;
  /** Its signatures are not checked here: whoever asks decides which keys count. */
  readonly signed: SignedCheckpoint;
}

/** Whether the proof leads from this leaf to the root its checkpoint names. */
export function checkTlogProof(
  hasher: TreeHasher,
  proof: TlogProof,
  leafHash: Uint8Array,
): TlogProofCheck {
  const signed = parseSignedCheckpoint(proof.checkpoint);
  const { size, root } = signed.checkpoint;
  const claim = { index: proof.index, size, leafHash, proof: proof.hashes, root };
  return { verdict: verifyInclusion(hasher, claim), signed };
}
