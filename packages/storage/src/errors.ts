import { CustodyError } from "@custody/model";

export type StorageErrorCode =
  /** Another process, or another folder of this process, holds the embedded engine. */
  | "STORE_LOCKED"
  /** Too many statements wait for a session; ask again later. */
  | "STORE_BUSY"
  | "STORE_CLOSED"
  /** An insert of leaves that another attempt has begun to repair meanwhile: nothing of it was stored. */
  | "STORE_FENCED"
  | "STORE_UNREACHABLE"
  /** The engine refused a statement of ours. */
  | "STORE_QUERY"
  | "STORE_TIMEOUT"
  | "STORE_MEMORY"
  | "STORE_ROWS_MAX"
  /** A placeholder without a value, or a value that does not fit its type. */
  | "STORE_PARAM"
  /** A cursor that this store did not make. */
  | "STORE_CURSOR"
  | "STORE_PATH"
  /** A migration that was applied has changed, or the store is newer than this program. */
  | "STORE_MIGRATION"
  /** A target table holds a leaf more than once. */
  | "STORE_DUPLICATE";

export class StorageError extends CustodyError<StorageErrorCode> {
  constructor(code: StorageErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(code, message, options);
    this.name = "StorageError";
  }
}

/** ClickHouse's own number of an error, from either driver's error; undefined where the engine did not answer. */
function engineCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  const own = "code" in error ? Number(error.code) : Number.NaN;
  const told = Number.isInteger(own) ? own : Number(/\bCode: (\d+)/.exec(error.message)?.[1]);
  return Number.isInteger(told) ? told : undefined;
}

const codes: Readonly<Record<number, StorageErrorCode>> = {
  76: "STORE_LOCKED",
  158: "STORE_ROWS_MAX",
  159: "STORE_TIMEOUT",
  160: "STORE_TIMEOUT",
  241: "STORE_MEMORY",
  // `throwIf`: no statement of ours has it but the one condition of an insert.
  395: "STORE_FENCED",
  396: "STORE_ROWS_MAX",
};

/** The message names the engine's code only: its own text may quote values, which may be content. */
export function storageError(error: unknown, doing: string): StorageError {
  if (error instanceof StorageError) {
    return error;
  }
  const code = engineCode(error);
  if (code === undefined) {
    return new StorageError("STORE_UNREACHABLE", `${doing}: the engine did not answer`, {
      cause: error,
    });
  }
  return new StorageError(codes[code] ?? "STORE_QUERY", `${doing}: engine code ${code}`, {
    cause: error,
  });
}
