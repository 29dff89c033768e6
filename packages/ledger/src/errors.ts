import { CustodyError } from "@custody/model";

export type LedgerErrorCode =
  /** A tenant name that is no folder name (MODEL: `^[a-z0-9][a-z0-9-]{0,62}$`). */
  | "TENANT_NAME"
  /** A deployment name that cannot begin an origin. */
  | "DEPLOYMENT_NAME"
  /** A file of the data folder is not what we wrote. */
  | "FOLDER_FORMAT"
  /** Signing would give a size a second root, or a tree that does not extend the last signed one. Fatal. */
  | "SPLIT_VIEW"
  /** The disk's state is unknown after a failed directory sync: the ledger must be opened again. Fatal. */
  | "STATE_UNKNOWN"
  /** The signer answered with something that is no signature of the log's key. */
  | "SIGNATURE"
  /** A key file is missing, unreadable or no Ed25519 key. */
  | "KEY_FILE"
  /** A key without a usable name of its holder. */
  | "KEY_SUBJECT"
  /** The ledger was closed. */
  | "CLOSED";

/** A broken invariant of the ledger. Callers read the code alone. */
export class LedgerError extends CustodyError<LedgerErrorCode> {
  constructor(code: LedgerErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(code, message, options);
    this.name = "LedgerError";
  }
}

/** The code of a file-system error, or its name: never a path, never content. */
export function reasonOf(error: unknown): string {
  if (error instanceof CustodyError) return `${error.code}: ${error.message}`;
  if (error instanceof Error) {
    const code = (error as NodeJS.ErrnoException).code;
    return typeof code === "string" ? code : error.name;
  }
  return "unknown";
}
