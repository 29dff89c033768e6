import { isRecordClass, type RecordClass } from "@custody/model";
import { concatBytes, equalBytes, tileWidth } from "@custody/proof";
import type { CataloguedLedger } from "./catalogue.ts";
import { hexOf, sha256 } from "./digest.ts";
import { LedgerError } from "./errors.ts";
import type { FsckTally } from "./fsck-report.ts";
import { compareSeal } from "./fsck-seal.ts";
import { draftHead, emptyHead, type Head } from "./head.ts";
import { type Members, parseMembers } from "./json-file.ts";
import { headOfSeal } from "./state-file.ts";
import { readEntries } from "./tile-files.ts";

/** A leaf as the store has it. */
export interface FsckRow {
  readonly leaf: number;
  /** 32 bytes: the column, not a digest made now. */
  readonly sha: Uint8Array;
  readonly canonical: Uint8Array;
}

/** Leaves [from, to) of a ledger in leaf order. */
export type FsckRows = (origin: string, from: number, to: number) => AsyncIterable<FsckRow>;

/**
 * Hashes every row again, compares it with its entry, folds it, and compares each seal with what was folded. After a row that
 * is missing the folds go on from what the next seal says, so that one finding does not drown the others.
 */
export async function checkRows(
  { layout, identity }: CataloguedLedger,
  range: { readonly from: number; readonly to: number },
  rows: FsckRows,
  tally: FsckTally,
): Promise<void> {
  const { origin } = identity;
  const entryAt = createEntryReader(layout.folder, range.to);
  const fold = createFold(origin, range.from, tally);
  let next = range.from;
  for await (const row of rows(origin, range.from, range.to)) {
    if (row.leaf < next) {
      tally.find("row_extra", origin, row.leaf);
      continue;
    }
    if (row.leaf > next) {
      tally.find("row_missing", origin, next, `${row.leaf - next} rows`);
      fold.lose(row.leaf);
    }
    next = row.leaf + 1;
    tally.count("rows", 1);
    const entry = await entryAt(row.leaf);
    if (!equalBytes(sha256(row.canonical), row.sha)) tally.find("row_hash", origin, row.leaf);
    if (entry !== undefined && !equalBytes(entry, row.sha))
      tally.find("row_entry", origin, row.leaf);
    fold.add(row, entry ?? row.sha);
  }
  if (next < range.to) tally.find("row_missing", origin, next, `${range.to - next} rows`);
}

interface Fold {
  add(row: FsckRow, sha: Uint8Array): void;
  /** Rows before this leaf are unknown. */
  lose(leaf: number): void;
}

function createFold(origin: string, from: number, tally: FsckTally): Fold {
  let head: Head | undefined = from === 0 ? emptyHead : undefined;
  let rx = "";
  let highWater: Uint8Array[] = [];

  const seal = (record: Members, leaf: number, sha: Uint8Array): void => {
    tally.count("seals", 1);
    const hwDigest = highWater.length === 0 ? undefined : hexOf(sha256(concatBytes(highWater)));
    if (head !== undefined) {
      for (const [code, detail] of compareSeal(record.object("body"), leaf, head, hwDigest)) {
        tally.find(code, origin, leaf, detail);
      }
    }
    head = headOfSeal(record.object("body"), { leaf, sha: hexOf(sha), rx: record.text("rx") });
    highWater = [];
  };

  const add = (record: Members, leaf: number, sha: Uint8Array): void => {
    const name = classOf(record);
    const at = record.text("rx");
    if (at < rx) tally.find("row_rx", origin, leaf);
    rx = at;
    if (name === "seal") {
      seal(record, leaf, sha);
      return;
    }
    const kind = name === "integrity" ? record.object("body").text("kind") : "";
    if (kind === "hw") highWater.push(sha);
    if (head === undefined) return;
    const draft = draftHead(head, at);
    draft.append({ class: name, sha, isGap: kind === "gap" });
    head = draft.done();
  };

  return {
    lose() {
      head = undefined;
      highWater = [];
    },
    add(row, sha) {
      try {
        add(parseMembers(Buffer.from(row.canonical).toString("utf8")), row.leaf, sha);
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error;
        tally.find("row_format", origin, row.leaf);
        head = undefined;
      }
    },
  };
}

function classOf(record: Members): RecordClass {
  const name = record.text("class");
  if (isRecordClass(name)) return name;
  throw new LedgerError("FOLDER_FORMAT", "no such record class");
}

/** Reads each entry bundle once, as rows come in order. */
function createEntryReader(
  folder: string,
  size: number,
): (leaf: number) => Promise<Uint8Array | undefined> {
  let index = -1;
  let entries: readonly Uint8Array[] | undefined;
  return async (leaf) => {
    const wanted = Math.floor(leaf / tileWidth);
    if (wanted !== index) {
      index = wanted;
      const width = Math.min(tileWidth, size - index * tileWidth);
      entries = await readEntries(folder, { level: "entries", index, width });
    }
    return entries?.[leaf % tileWidth];
  };
}
