import type { LedgerReader } from "@custody/ledger/reader";
import { base64Encode, parseSignedCheckpoint, utf8Encode } from "@custody/proof";
import { EvidenceError } from "./errors.ts";

/** An earlier bundle as its manifest and its checkpoint name it. */
export interface PreviousBundle {
  readonly id: string;
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
}

/** Only a checkpoint that this ledger published is grown from: a caller's word for another one would end in a proof of nothing. */
export async function checkPrevious(
  log: LedgerReader,
  origin: string,
  previous: PreviousBundle,
): Promise<void> {
  const note = await (previous.origin === origin
    ? log.checkpointAt(origin, previous.size)
    : undefined);
  const root = note && base64Encode(parseSignedCheckpoint(utf8Encode(note)).checkpoint.root);
  if (root !== previous.root) {
    throw new EvidenceError(
      "PREVIOUS_MISMATCH",
      `${origin} published no checkpoint of size ${previous.size} with the root of the previous bundle`,
    );
  }
}
