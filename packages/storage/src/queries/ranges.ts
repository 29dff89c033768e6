import type { RecordClass } from "@custody/model";
import { storageLimits } from "../limits.ts";
import { type Asked, ask, type FoundRecord, found } from "./ask.ts";

/** Records of a ledger by leaf, `[from, to)`, in order, a page at a time: for fsck and export. A missing leaf is simply not there. */
export async function* recordsByLeaf(
  asked: Asked,
  ledger: string,
  from: number,
  to: number,
): AsyncGenerator<FoundRecord, void, undefined> {
  for (let page = from; page < to; page += storageLimits.leafPageRows) {
    // One page after the other: the reader of the pages sets the pace, and memory holds one.
    const rows = await ask(asked, "records-by-leaf", {
      ledger,
      from: page,
      to: Math.min(page + storageLimits.leafPageRows, to),
    });
    yield* rows.map(found);
  }
}

/** Records of one class of a ledger by leaf, `[from, to)`, in order: the population an accumulator folds. */
export async function* classRange(
  asked: Asked,
  recordClass: RecordClass,
  ledger: string,
  from: number,
  to: number,
): AsyncGenerator<FoundRecord, void, undefined> {
  let next = from;
  for (;;) {
    const limit = storageLimits.leafPageRows;
    const rows = await ask(asked, "class-range", {
      ledger,
      class: recordClass,
      from: next,
      to,
      limit,
    });
    const page = rows.map(found);
    yield* page;
    const last = page.at(-1);
    if (page.length < limit || !last) {
      return;
    }
    next = last.leaf + 1;
  }
}

export interface ClaimRow {
  readonly id: string;
  readonly claim: string;
  readonly ledger: string;
  readonly leaf: number;
}

/** Claims received at or after `since`, by ledger and leaf: what a start fills the window of duplicates from. */
export async function* claimsSince(
  asked: Asked,
  since: string,
): AsyncGenerator<ClaimRow, void, undefined> {
  let after: Pick<ClaimRow, "ledger" | "leaf"> = { ledger: "", leaf: -1 };
  const limit = storageLimits.claimPageRows;
  for (;;) {
    const rows = await ask(asked, "claims-since", {
      since,
      after_ledger: after.ledger,
      after_leaf: after.leaf,
      limit,
    });
    const page = rows.map((row) => ({
      id: String(row["id_hex"]),
      claim: String(row["claim_hex"]),
      ledger: String(row["ledger"]),
      leaf: Number(row["leaf"]),
    }));
    yield* page;
    const last = page.at(-1);
    if (page.length < limit || !last) {
      return;
    }
    after = last;
  }
}
