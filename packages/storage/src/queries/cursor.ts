import { StorageError } from "../errors.ts";

/** A place in a list: opaque to callers, checked when it comes back, because it comes from outside. */
export interface Position {
  readonly at: string;
  readonly leaf: number;
  readonly ledger: string;
  /** What was received later came while the list was read. */
  readonly asOf?: string | undefined;
}

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/;
const cursorCharactersMax = 2_048;

export function cursorOf(position: Position): string {
  const { at, leaf, ledger, asOf } = position;
  const parts = [at, leaf, ledger, ...(asOf === undefined ? [] : [asOf])];
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

export function positionOf(cursor: string): Position {
  const [at, leaf, ledger, asOf] = parts(cursor);
  if (
    typeof at === "string" &&
    time.test(at) &&
    typeof leaf === "number" &&
    Number.isSafeInteger(leaf) &&
    leaf >= 0 &&
    typeof ledger === "string" &&
    (asOf === undefined || (typeof asOf === "string" && time.test(asOf)))
  ) {
    return { at, leaf, ledger, asOf };
  }
  throw new StorageError("STORE_CURSOR", "not a cursor of this list");
}

function parts(cursor: string): readonly unknown[] {
  if (cursor.length > cursorCharactersMax || !/^[A-Za-z0-9_-]+$/.test(cursor)) {
    throw new StorageError("STORE_CURSOR", "not a cursor");
  }
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(value) ? value : [];
  } catch (cause) {
    throw new StorageError("STORE_CURSOR", "not a cursor", { cause });
  }
}
