import { storageLimits } from "../limits.ts";
import { type Asked, ask } from "./ask.ts";

/** A leaf as its row is: the bytes of the columns, nothing parsed. What fsck hashes again. */
export interface LeafRow {
  readonly leaf: number;
  readonly sha: Uint8Array;
  readonly canonical: Uint8Array;
}

/** Rows of a ledger by leaf, `[from, to)`, in order, a page at a time. */
export async function* leafRows(
  asked: Asked,
  ledger: string,
  from: number,
  to: number,
): AsyncGenerator<LeafRow, void, undefined> {
  for (let page = from; page < to; page += storageLimits.leafPageRows) {
    // One page after the other: the reader of the pages sets the pace, and memory holds one.
    const rows = await ask(asked, "records-by-leaf", {
      ledger,
      from: page,
      to: Math.min(page + storageLimits.leafPageRows, to),
    });
    for (const row of rows) {
      yield {
        leaf: Number(row["leaf"]),
        sha: Buffer.from(String(row["sha_hex"]), "hex"),
        canonical: Buffer.from(String(row["canonical"])),
      };
    }
  }
}
