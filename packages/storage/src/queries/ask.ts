import type { LedgerRecord, PlacedRecord, Row, SqlValue, StoreReader } from "@custody/model";
import { limits } from "@custody/model";
import { StorageError } from "../errors.ts";
import { storageLimits } from "../limits.ts";
import { rendered, sqlText } from "../sql-files.ts";
import type { Position } from "./cursor.ts";

/** Where a question is asked: a tenant's records through a reader. The tenant comes from the caller's credential and from nowhere else. */
export interface Asked {
  readonly reader: StoreReader;
  readonly tenant: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface Window {
  /** Inclusive. */
  readonly from?: string;
  /** Exclusive. */
  readonly to?: string;
}

export interface Paging extends Window {
  readonly cursor?: string;
  readonly limit?: number;
}

/** A record with its place and the time lists order it by. */
export interface FoundRecord extends PlacedRecord {
  readonly at: string;
}

const start = "1970-01-01T00:00:00.000000000Z";
const end = "2262-01-01T00:00:00.000000000Z";

/** Runs `sql/queries/<name>.sql`. `slots` are constants of this package. */
export async function ask(
  asked: Asked,
  name: string,
  params: Readonly<Record<string, SqlValue>>,
  slots: Readonly<Record<string, string>> = {},
): Promise<readonly Row[]> {
  for (const value of Object.values(params)) {
    if (Array.isArray(value) && value.length > storageLimits.listItemsMax) {
      throw new StorageError("STORE_PARAM", `a list of ${value.length} items is too long`);
    }
  }
  const timeoutMs = asked.timeoutMs === undefined ? {} : { timeoutMs: asked.timeoutMs };
  return asked.reader.rows(
    {
      sql: rendered(sqlText(`queries/${name}`), slots),
      params: { tenant: asked.tenant, ...params },
      ...timeoutMs,
    },
    asked.signal,
  );
}

export function windowOf(window: Window): { readonly from: string; readonly to: string } {
  return { from: window.from ?? start, to: window.to ?? end };
}

/** The page after `position` in a list that runs newest first. */
export function beforeOf(
  window: Window,
  position: Position | undefined,
): Readonly<Record<string, SqlValue>> {
  return {
    before_at: position?.at ?? window.to ?? end,
    before_leaf: position?.leaf ?? 0,
    before_ledger: position?.ledger ?? "",
  };
}

export function limitOf(paging: Paging): number {
  const limit = paging.limit ?? limits.pageItemsDefault;
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > limits.pageItemsMax) {
    throw new StorageError("STORE_PARAM", `limit is not between 1 and ${limits.pageItemsMax}`);
  }
  return limit;
}

/** The canonical bytes are the truth; a row is only where they were found. */
export function found(row: Row): FoundRecord {
  return {
    ledger: String(row["ledger"]),
    leaf: Number(row["leaf"]),
    sha: String(row["sha_hex"]),
    at: String(row["at_text"]),
    record: JSON.parse(String(row["canonical"])) as LedgerRecord,
  };
}
