import { type Asked, ask } from "./ask.ts";

/** One opened content value. `text` is empty where the disclosure is sealed under a key. */
export interface ContentRow {
  readonly id: string;
  readonly ledger: string;
  readonly leaf: number;
  readonly path: string;
  readonly disclosure: string;
  readonly text: string;
}

/** The content of records. The caller has decided that it may be read, and has recorded the access. */
export async function contentOf(
  asked: Asked,
  ids: readonly string[],
): Promise<readonly ContentRow[]> {
  if (ids.length === 0) {
    return [];
  }
  return (await ask(asked, "content-of", { ids })).map((row) => ({
    id: String(row["id_hex"]),
    ledger: String(row["ledger"]),
    leaf: Number(row["leaf"]),
    path: String(row["path"]),
    disclosure: String(row["disclosure"]),
    text: String(row["text"]),
  }));
}
