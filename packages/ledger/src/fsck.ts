import { createHash } from "node:crypto";
import { equalBytes } from "@custody/proof";
import { type CataloguedLedger, listLedgers } from "./catalogue.ts";
import { checkpointAt, checkpointSizes, latestCheckpoint } from "./checkpoint-files.ts";
import { sha256 } from "./digest.ts";
import { createTally, type FsckReport, type FsckTally } from "./fsck-report.ts";
import { checkRows, type FsckRows } from "./fsck-rows.ts";
import { checkTree } from "./fsck-tree.ts";
import { beginOfName, endOfName, readJournal } from "./journal.ts";

export { type FsckCode, type FsckFinding, type FsckReport, fsckCodes } from "./fsck-report.ts";
export type { FsckRow, FsckRows } from "./fsck-rows.ts";

export interface FsckInput {
  /** The data folder. A writer may be at work in it: what it moves meanwhile is no finding. */
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

/** A ledger under load moves on while it is read, but not this often before one look succeeds. */
const looksMax = 100;

/**
 * `checkpoint` must be the newest of `checkpoints/`, or the one before: the two are written one after the other, and a reader or a crash
 * may come between.
 */
async function checkNewest(
  { layout, identity }: CataloguedLedger,
  tally: FsckTally,
): Promise<void> {
  let latest = await latestCheckpoint(layout);
  for (let look = 0; look < looksMax; look++) {
    const sizes = (await checkpointSizes(layout)).slice(-2);
    const kept = await Promise.all(sizes.map((size) => checkpointAt(layout, size)));
    const same =
      latest === undefined
        ? kept.length < 2
        : kept.some((other) => other !== undefined && equalBytes(other.note, latest?.note ?? none));
    if (same) return;
    const again = await latestCheckpoint(layout);
    const moved = !equalBytes(again?.note ?? none, latest?.note ?? none);
    if (!moved) {
      tally.find("checkpoint_missing", identity.origin, sizes.at(-1) ?? 0);
      return;
    }
    latest = again;
  }
}

const none = new Uint8Array(0);

/** What was acknowledged since the last checkpoint. A retired ledger's journal is empty once its tail is stored. */
async function checkJournal(
  { layout, identity }: CataloguedLedger,
  published: number,
  tally: FsckTally,
): Promise<void> {
  const { origin } = identity;
  const owner = { ledger: origin, tenant: identity.tenant };
  let from = published;
  for (let look = 0; look < looksMax; look++) {
    const reading = await readJournal(layout.journal, owner, from, ({ rows }) => {
      for (const row of rows) {
        tally.count("rows", 1);
        if (!equalBytes(sha256(row.canonical), row.sha)) tally.find("row_hash", origin, row.leaf);
      }
    });
    const [first] = reading.rest;
    if (first === undefined) return;
    const continues = beginOfName(first) === reading.next;
    // A file that went after it was listed, or before: then a later checkpoint covers it, and the journal goes on behind that.
    const newest = (await checkpointSizes(layout)).at(-1) ?? 0;
    if (newest < (continues ? endOfName(first) : beginOfName(first))) {
      const code = continues ? "journal_torn" : "journal_gap";
      tally.find(code, origin, reading.next, `${reading.rest.length} files`);
      return;
    }
    from = newest;
  }
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
