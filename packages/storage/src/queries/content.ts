import { type Asked, ask, type FoundRecord, windowOf } from "./ask.ts";

/** One opened content value. `text` is empty where the disclosure is sealed under a key. */
export interface ContentRow {
  readonly id: string;
  readonly ledger: string;
  readonly leaf: number;
  readonly path: string;
  readonly disclosure: string;
  readonly text: string;
}

/** Content of whatever name. */
const anyPath = "";

/** The content of records that lie near each other, read where they lie, of one name or of all. The caller has decided that it may be read, and has recorded the access. */
export async function contentOfRecords(
  asked: Asked,
  records: readonly FoundRecord[],
  path: string = anyPath,
): Promise<readonly ContentRow[]> {
  const times = records.map(({ at }) => at).sort();
  const [from, to] = [times[0], times.at(-1)];
  if (from === undefined || to === undefined) return [];
  return opened(
    asked,
    records.map(({ record }) => record.id),
    { from, to },
    path,
  );
}

/** The content of records of any time. The caller has decided that it may be read, and has recorded the access. */
export async function contentOf(
  asked: Asked,
  ids: readonly string[],
): Promise<readonly ContentRow[]> {
  return ids.length === 0 ? [] : opened(asked, ids, windowOf({}));
}

async function opened(
  asked: Asked,
  ids: readonly string[],
  window: { readonly from: string; readonly to: string },
  path: string = anyPath,
): Promise<readonly ContentRow[]> {
  return (await ask(asked, "content-of", { ids, path, ...window })).map((row) => ({
    id: String(row["id_hex"]),
    ledger: String(row["ledger"]),
    leaf: Number(row["leaf"]),
    path: String(row["path"]),
    disclosure: String(row["disclosure"]),
    text: String(row["text"]),
  }));
}
