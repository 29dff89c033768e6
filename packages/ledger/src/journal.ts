import { readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type BatchFile,
  type BatchRow,
  decodeBatch,
  encodeBatch,
  ModelError,
} from "@custody/model";
import { sha256Hex } from "./digest.ts";
import { makeFolder, syncFolder, writeSynced } from "./durable-file.ts";
import { LedgerError, reasonOf } from "./errors.ts";
import type { OnStep } from "./ports.ts";

/** A batch file on the disk, with its length. */
export interface JournalFile extends BatchFile {
  readonly bytes: number;
}

/** `<from padded 16>-<to padded 16>-<first 16 hex of the file's sha256>.native`: a torn file does not match its name. */
const fileName = /^(\d{16})-(\d{16})-([0-9a-f]{16})\.native$/;

/**
 * Writes one batch file: temporary name, data on the disk, final name, name on the disk. When this returns the batch is durable.
 * Throws STATE_UNKNOWN when only the last step failed: the name may or may not survive a power cut, so nobody may build on either.
 */
export async function writeBatch(
  folder: string,
  batch: {
    readonly ledger: string;
    readonly tenant: string;
    readonly rx: string;
    readonly rows: readonly BatchRow[];
  },
  onStep: OnStep,
): Promise<JournalFile> {
  const from = batch.rows[0]?.leaf ?? 0;
  const to = from + batch.rows.length;
  onStep("batch.start");
  const bytes = encodeBatch(batch.ledger, batch.rows);
  const name = `${pad(from)}-${pad(to)}-${sha256Hex(bytes).slice(0, 16)}.native`;
  const path = join(folder, name);
  const temporary = `${path}.tmp`;
  await writeSynced(temporary, bytes);
  onStep("batch.written");
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  onStep("batch.renamed");
  try {
    await syncFolder(folder);
  } catch (cause) {
    throw new LedgerError(
      "STATE_UNKNOWN",
      `the journal's folder cannot be synced: ${reasonOf(cause)}`,
      { cause },
    );
  }
  onStep("batch.synced");
  const { ledger, tenant, rx } = batch;
  return { path, ledger, tenant, from, to, rx, bytes: bytes.length };
}

/** A file of the journal that holds what its name says. */
export interface ReadFile {
  readonly file: JournalFile;
  readonly rows: readonly BatchRow[];
}

export interface JournalReading {
  /** The leaf after the last one read. */
  readonly next: number;
  /** Names of files that end at or before the first leaf asked for. */
  readonly covered: readonly string[];
  /** Names of the files that do not continue what was read: torn, or after a gap. */
  readonly rest: readonly string[];
}

/** Visits the batch files from leaf `from` on, in order, for as long as each continues the one before. Answers what is left over. */
export async function readJournal(
  folder: string,
  owner: { readonly ledger: string; readonly tenant: string },
  from: number,
  visit: (read: ReadFile) => void,
): Promise<JournalReading> {
  const all = await journalNames(folder);
  const covered = all.filter((name) => endOfName(name) <= from);
  const names = all.slice(covered.length);
  let next = from;
  for (const [index, name] of names.entries()) {
    const read = await readBatch(join(folder, name), owner);
    if (read === undefined || read.file.from !== next) {
      return { next, covered, rest: names.slice(index) };
    }
    visit(read);
    next = read.file.to;
  }
  return { next, covered, rest: [] };
}

/** Removes what a crash left half written: never renamed, so never acknowledged. */
export async function removeTemporary(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith(".tmp")) await rm(join(folder, name), { force: true });
  }
}

/** Moves files aside: nothing reads them again, and a person still can. */
export async function quarantine(
  folder: string,
  names: readonly string[],
  into: string,
): Promise<number> {
  await makeFolder(into);
  let bytes = 0;
  for (const name of names) {
    bytes += (await stat(join(folder, name))).size;
    await rename(join(folder, name), join(into, name));
  }
  await syncFolder(into);
  await syncFolder(folder);
  return bytes;
}

/** Batch file names in leaf order. */
export async function journalNames(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => fileName.test(name)).sort();
}

/** The first leaf that a file's name claims. */
export function beginOfName(name: string): number {
  return Number(fileName.exec(name)?.[1] ?? 0);
}

/** The leaf after the last one that a file's name claims. */
export function endOfName(name: string): number {
  return Number(fileName.exec(name)?.[2] ?? 0);
}

async function readBatch(
  path: string,
  owner: { readonly ledger: string; readonly tenant: string },
): Promise<ReadFile | undefined> {
  const [, from, to, prefix] = fileName.exec(path.slice(dirname(path).length + 1)) ?? [];
  const bytes = await readFile(path).catch((error: unknown) => {
    // A writer at work deletes a file once it is stored and under a checkpoint.
    if (reasonOf(error) === "ENOENT") return undefined;
    throw error;
  });
  if (bytes === undefined || sha256Hex(bytes).slice(0, 16) !== prefix) return undefined;
  const rows = decode(bytes, owner.ledger);
  const first = rows?.[0];
  if (rows === undefined || first === undefined) return undefined;
  const fits =
    first.leaf === Number(from) &&
    first.leaf + rows.length === Number(to) &&
    rows.every((row, index) => row.leaf === first.leaf + index);
  if (!fits) return undefined;
  const file = {
    path,
    ...owner,
    from: first.leaf,
    to: first.leaf + rows.length,
    rx: rxOf(first),
    bytes: bytes.length,
  };
  return { file, rows };
}

function decode(bytes: Uint8Array, ledger: string): readonly BatchRow[] | undefined {
  try {
    const batch = decodeBatch(bytes);
    return batch.ledger === ledger ? batch.rows : undefined;
  } catch (error) {
    if (error instanceof ModelError) return undefined;
    throw error;
  }
}

function rxOf(row: BatchRow): string {
  const parsed: unknown = JSON.parse(Buffer.from(row.canonical).toString("utf8"));
  const rx =
    typeof parsed === "object" && parsed !== null && "rx" in parsed ? parsed.rx : undefined;
  return typeof rx === "string" ? rx : "";
}

function pad(leaf: number): string {
  return String(leaf).padStart(16, "0");
}
