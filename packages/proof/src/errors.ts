/** Everything that can be wrong with bytes or numbers handed to this package. Callers branch on the code alone. */
export type ProofErrorCode =
  | "BASE64"
  | "CHECKPOINT_EXTENSION"
  | "CHECKPOINT_FORMAT"
  | "CHECKPOINT_ORIGIN"
  | "CHECKPOINT_ROOT"
  | "CHECKPOINT_SIZE"
  | "COSIGNATURE_QUORUM"
  | "COSIGNATURE_TIME"
  | "DIGEST_LENGTH"
  | "DSSE_FORMAT"
  | "DSSE_LIMIT"
  | "ENTRY_BUNDLE"
  | "HEX"
  | "INDEX_RANGE"
  | "KEY_LENGTH"
  | "NOTE_FORMAT"
  | "NOTE_KEY_ID"
  | "NOTE_KEY_NAME"
  | "NOTE_KEY_TYPE"
  | "NOTE_LIMIT"
  | "NOTE_VKEY"
  | "POLICY_FORMAT"
  | "POLICY_LIMIT"
  | "PROOF_FORMAT"
  | "PROOF_LIMIT"
  | "RANGE_STATE"
  | "SAMPLE_INPUT"
  | "SIGNATURE_LENGTH"
  | "SIZE_RANGE"
  | "TILE_LENGTH"
  | "TILE_PATH"
  | "UTF8";

export class ProofError extends Error {
  readonly code: ProofErrorCode;

  constructor(code: ProofErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "ProofError";
    this.code = code;
  }
}
