import { readFile } from "node:fs/promises";
import {
  type BatchFile,
  decodeBatch,
  type InsertVerdict,
  type SqlValue,
  type StoreWriter,
} from "@custody/model";
import type { Engine } from "./engine.ts";
import { StorageError, type StorageErrorCode, storageError } from "./errors.ts";
import { type Target, targets } from "./targets.ts";

/** Named moments of a repair, so that a test can end the process at each of them. */
export type RepairStep = `${"before" | "after"}-${Target["name"]}`;

export interface WriterHooks {
  readonly onRepairStep?: (step: RepairStep) => void;
}

/** What a later attempt may mend: everything else is a fault of ours, and throws. */
const retryable: ReadonlySet<StorageErrorCode> = new Set([
  "STORE_BUSY",
  "STORE_FENCED",
  "STORE_LOCKED",
  "STORE_MEMORY",
  "STORE_QUERY",
  "STORE_TIMEOUT",
  "STORE_UNREACHABLE",
]);

/**
 * The crash rule of design 5. A fresh file goes into `ingest` in one statement that feeds every target. Where a statement may have been
 * cut short, each target is asked what it holds and gets the rest, from the file. No deduplication tokens: the log of those is written
 * before the part is, so a kill between the two makes a retry store nothing (performance 1.5).
 */
export function createStoreWriter(engine: Engine, hooks: WriterHooks = {}): StoreWriter {
  const insert = async (file: BatchFile, repair: boolean): Promise<InsertVerdict> => {
    if (!repair) {
      await engine.feed({ sql: "direct", paths: [file.path], params: {}, leaves: file, fence: 0 });
      return { outcome: "stored" };
    }
    const whole = await wholeOf(file);
    const fence = await engine.fence(file);
    for (const target of targets) {
      hooks.onRepairStep?.(`before-${target.name}`);
      const { params } = whole;
      const sql = { over: target.repair };
      await engine.feed({ sql, paths: [file.path], params, leaves: file, fence });
      const missing = await missingFrom(engine, target, whole);
      if (missing > 0) {
        return { outcome: "retry", reason: `${target.name} lacks ${missing} rows` };
      }
      hooks.onRepairStep?.(`after-${target.name}`);
    }
    return { outcome: "stored" };
  };
  return {
    insert: (file, { repair }) => verdict(() => insert(file, repair)),
    insertAll: (files) =>
      verdict(async () => {
        const [first, ...rest] = files;
        if (first === undefined) return { outcome: "stored" };
        const leaves = {
          ledger: first.ledger,
          from: Math.min(first.from, ...rest.map(({ from }) => from)),
          to: Math.max(first.to, ...rest.map(({ to }) => to)),
        };
        const paths = files.map((file) => file.path);
        await engine.feed({ sql: "direct", paths, params: {}, leaves, fence: 0 });
        return { outcome: "stored" };
      }),
  };
}

async function verdict(store: () => Promise<InsertVerdict>): Promise<InsertVerdict> {
  try {
    return await store();
  } catch (error) {
    const known = storageError(error, "insert");
    if (retryable.has(known.code)) {
      return { outcome: "retry", reason: `${known.code} ${known.message}` };
    }
    throw known;
  }
}

interface Whole {
  readonly params: Readonly<Record<string, SqlValue>>;
  readonly rows: Readonly<Record<Target["name"], number>>;
}

/** What every target must hold of a file, read from the file itself. */
async function wholeOf(file: BatchFile): Promise<Whole> {
  const batch = decodeBatch(await readFile(file.path));
  const first = batch.rows[0];
  const last = batch.rows.at(-1);
  if (!first || !last || batch.ledger !== file.ledger) {
    throw new StorageError("STORE_PARAM", "the batch file is not of the ledger it is said to be");
  }
  const { rx } = JSON.parse(new TextDecoder().decode(first.canonical)) as { readonly rx: string };
  const rows = batch.rows.length;
  const content = batch.rows.reduce((sum, row) => sum + row.content.length, 0);
  return {
    params: { ledger: batch.ledger, from: first.leaf, to: last.leaf + 1, rx },
    rows: { records: rows, content, claims: rows, sessions: 0 },
  };
}

async function missingFrom(engine: Engine, target: Target, whole: Whole): Promise<number> {
  if (target.held === undefined) {
    return 0;
  }
  const [row] = await engine.rows({ sql: target.held, params: whole.params });
  const held = Number(row?.["held"]);
  if (held !== Number(row?.["different"])) {
    throw new StorageError("STORE_DUPLICATE", `${target.name} holds a leaf more than once`);
  }
  return row?.["expired"] === 1 ? 0 : whole.rows[target.name] - held;
}
