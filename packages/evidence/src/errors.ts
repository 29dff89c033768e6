import { CustodyError } from "@custody/model";

export type EvidenceErrorCode =
  | "CATALOGUE_FORMAT"
  | "OVERLAY_FORMAT"
  | "PERIOD_RANGE"
  | "LEDGER_EMPTY"
  | "POPULATION_LIMIT"
  | "ROW_FORMAT"
  | "RUN_COMMIT"
  | "RUN_UNPUBLISHED"
  | "PROOF_MISMATCH"
  | "PREVIOUS_MISMATCH"
  | "WORDING"
  | "KEY_FORMAT";

/** A catalogue that is not one, a store that contradicts its ledger, a run that could not be committed. */
export class EvidenceError extends CustodyError<EvidenceErrorCode> {
  constructor(code: EvidenceErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(code, message, options);
    this.name = "EvidenceError";
  }
}
