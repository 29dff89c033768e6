/** The base of every error of ours: a code from the package's closed union, never content, and its cause. */
export class CustodyError<Code extends string = string> extends Error {
  readonly code: Code;

  constructor(code: Code, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "CustodyError";
    this.code = code;
  }
}

export type ModelErrorCode =
  | "CANONICAL_KEY"
  | "CANONICAL_NUMBER"
  | "CANONICAL_STRING"
  | "CANONICAL_TYPE"
  | "CANONICAL_DEPTH"
  | "RECORD_BYTES"
  | "TIME_FORMAT"
  | "BATCH_FORMAT";

/** A broken invariant of the words themselves: a value that has no canonical form, a batch file that is not one. */
export class ModelError extends CustodyError<ModelErrorCode> {
  constructor(code: ModelErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(code, message, options);
    this.name = "ModelError";
  }
}
