import { createHash } from "node:crypto";
import { equalBytes } from "@custody/proof";
import { type CataloguedLedger, listLedgers } from "./catalogue.ts";
import { latestCheckpoint, newestCheckpoint } from "./checkpoint-files.ts";
import { sha256 } from "./digest.ts";
import { createTally, type FsckReport, type FsckTally } from "./fsck-report.ts";
import { checkRows, type FsckRows } from "./fsck-rows.ts";
import { checkTree } from "./fsck-tree.ts";
import { readJournal } from "./journal.ts";

export { type FsckCode, type FsckFinding, type FsckReport, fsckCodes } from "./fsck-report.ts";
export type { FsckRow, FsckRows } from "./fsck-rows.ts";

export interface FsckInput {
  /** The data folder. The writer must not run. */
  readonly dir: string;
  /** Absent: tiles, checkpoints and journal are checked, rows are not. */
  readonly rows?: FsckRows;
  /** Rows below this leaf were pruned under a retention plan. Absent: none were. */
  readonly prunedTo?: (origin: string) => number;
  /** Absent: all of them. */
  readonly tenant?: string;
}

/** Builds everything again from the bytes and compares: what differs was changed after it was written. */
export async function fsck(input: FsckInput): Promise<FsckReport> {
  const tally = createTally();
  const ledgers = await listLedgers(input.dir);
  for (const ledger of ledgers) {
    if (input.tenant !== undefined && ledger.tenant !== input.tenant) continue;
    tally.count("ledgers", 1);
    const published = await checkTree(ledger, tally);
    await checkNewest(ledger, tally);
    await checkJournal(ledger, published, tally);
    if (input.rows === undefined) continue;
    const from = Math.min(input.prunedTo?.(ledger.identity.origin) ?? 0, published);
    await checkRows(ledger, { from, to: published }, input.rows, tally);
    await checkTail(ledger, input.rows, tally);
  }
  return tally.report(input.rows !== undefined);
}

/** `checkpoint` must be the newest of `checkpoints/`. */
async function checkNewest(
  { layout, identity }: CataloguedLedger,
  tally: FsckTally,
): Promise<void> {
  const newest = await newestCheckpoint(layout);
  const latest = await latestCheckpoint(layout);
  const same =
    newest === undefined
      ? latest === undefined
      : latest !== undefined && equalBytes(latest.note, newest.note);
  if (!same) tally.find("checkpoint_missing", identity.origin, newest?.checkpoint.size ?? 0);
}

/** What was acknowledged since the last checkpoint. A retired ledger's journal is empty once its tail is stored. */
async function checkJournal(
  { layout, identity }: CataloguedLedger,
  published: number,
  tally: FsckTally,
): Promise<void> {
  const owner = { ledger: identity.origin, tenant: identity.tenant };
  const reading = await readJournal(layout.journal, owner, published, ({ rows }) => {
    for (const row of rows) {
      tally.count("rows", 1);
      if (!equalBytes(sha256(row.canonical), row.sha)) {
        tally.find("row_hash", identity.origin, row.leaf);
      }
    }
  });
  const [first] = reading.rest;
  if (first === undefined) return;
  const begins = Number(first.slice(0, 16));
  const code = begins === reading.next ? "journal_torn" : "journal_gap";
  tally.find(code, identity.origin, reading.next, `${reading.rest.length} files`);
}

/** The leaves that a predecessor acknowledged after its last checkpoint, as this ledger's first record commits to them. */
async function checkTail(
  { identity }: CataloguedLedger,
  rows: FsckRows,
  tally: FsckTally,
): Promise<void> {
  const { predecessor } = identity;
  const tail = predecessor?.tail;
  if (predecessor === undefined || tail === undefined) return;
  const digest = createHash("sha256");
  for await (const { canonical } of rows(predecessor.origin, tail.from, tail.to)) {
    digest.update(sha256(canonical));
    tally.count("rows", 1);
  }
  if (digest.digest("hex") !== tail.digest) {
    tally.find("tail_digest", predecessor.origin, tail.from);
  }
}
