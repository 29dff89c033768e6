import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { LedgerRecord, RecordClass, SqlValue, StoreReader } from "@custody/model";
import { sha256 } from "./digest.ts";
import { limits } from "./limits.ts";

/** A record as the store has it. Its hash is computed from its bytes here, whatever the store says. */
export interface StoredRow<C extends RecordClass = RecordClass> {
  readonly leaf: number;
  readonly canonical: string;
  readonly digest: Uint8Array;
  readonly record: LedgerRecord<C>;
}

/** Statements of this package that find rows by their place; what decides a result is in the catalogue. */
export type Finder =
  | "class-page"
  | "first-record"
  | "last-seal"
  | "last-seal-before"
  | "first-seal-from"
  | "own-record";

/** The folder ships beside `src` and `dist`. */
const folder = new URL("../sql/", import.meta.url);
const texts = new Map<Finder, string>();

export async function storedRows<C extends RecordClass>(
  reader: StoreReader,
  finder: Finder,
  params: Readonly<Record<string, SqlValue>>,
): Promise<readonly StoredRow<C>[]> {
  const sql =
    texts.get(finder) ?? readFileSync(fileURLToPath(new URL(`${finder}.sql`, folder)), "utf8");
  texts.set(finder, sql);
  const rows = await reader.rows({ sql, params, timeoutMs: limits.queryMsMax });
  return rows.map((row) => {
    const canonical = String(row["canonical"]);
    return {
      leaf: Number(row["leaf"]),
      canonical,
      digest: sha256(Buffer.from(canonical, "utf8")),
      record: JSON.parse(canonical) as LedgerRecord<C>,
    };
  });
}
