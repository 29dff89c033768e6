import { setImmediate } from "node:timers/promises";
import type { Committer, CommitVerdict, Redacted } from "@custody/model";
import { createBatchWriter, type WriterParts } from "./batch-writer.ts";
import { createCommitQueue } from "./commit-queue.ts";
import { reasonOf } from "./errors.ts";
import { type PreparedRecord, prepareRecord } from "./prepared-record.ts";
import type { SealVerdict } from "./waiting-line.ts";

/** Records canonicalised before others get a turn: a few milliseconds. */
const turnRecords = 512;

/** The one writer of a ledger: a serial queue whose batches are written together (group commit). */
export interface LedgerCommitter extends Committer {
  /** As `commit`, for records of our own that must not wait behind a full journal. */
  commitOwn(records: readonly Redacted[]): Promise<CommitVerdict>;
  /** Appends a seal behind everything queued so far. */
  seal(): Promise<SealVerdict>;
  /** Bytes accepted but not yet journalled. */
  readonly queuedBytes: number;
  /** Why the ledger can no longer be written: it must be opened again. */
  readonly fatal: string | undefined;
  /** Takes nothing more but seals, and resolves when all that was taken is answered. */
  close(): Promise<void>;
}

export function createCommitter(parts: WriterParts): LedgerCommitter {
  const { limits } = parts;
  const queue = createCommitQueue(limits, parts.drain, parts.place);
  const writer = createBatchWriter(parts, queue.line);
  let fatal: string | undefined;
  let closing = false;
  let running: Promise<void> | undefined;

  const pump = async (): Promise<void> => {
    // One batch after another: leaf order is the order of answers.
    while (fatal === undefined && queue.line.items > 0) {
      await queue.ready();
      fatal = await writer.write().catch(reasonOf);
      if (fatal !== undefined) parts.onEvent({ name: "fatal", reason: fatal });
    }
    if (fatal !== undefined) queue.line.refuseAll(fatal);
  };

  const start = (): void => {
    running ??= pump().finally(() => {
      running = undefined;
      // Something may have come between the last look and now.
      if (queue.line.items > 0) start();
    });
  };

  const enqueue = <T>(put: (done: (verdict: T) => void) => void): Promise<T> =>
    new Promise((resolve) => {
      put(resolve);
      start();
    });

  const commit = async (records: readonly Redacted[], own: boolean): Promise<CommitVerdict> => {
    const stopped = fatal ?? (closing ? "the ledger is closed" : undefined);
    if (stopped !== undefined) return { outcome: "failed", reason: stopped };
    const prepared = await prepareAll(records, parts.tenant);
    if (typeof prepared === "string") return { outcome: "failed", reason: prepared };
    const full = own ? undefined : queue.full(prepared);
    if (full === undefined) return enqueue((done) => queue.addCall(prepared, done));
    return { outcome: "full", retryAfterMs: limits.retryAfterMs, reason: full };
  };

  return {
    commit: (records) => commit(records, false),
    commitOwn: (records) => commit(records, true),
    seal: async () =>
      fatal === undefined
        ? enqueue<SealVerdict>((done) => queue.addSeal(done))
        : { outcome: "failed", reason: fatal },
    get queuedBytes() {
      return queue.line.bytes;
    },
    get fatal() {
      return fatal;
    },
    async close() {
      closing = true;
      queue.hurry();
      while (running !== undefined) await running;
    },
  };
}

/** All of a call's records, or why the call is refused: one bad record never reaches a batch of others. */
async function prepareAll(
  records: readonly Redacted[],
  tenant: string,
): Promise<PreparedRecord[] | string> {
  const prepared: PreparedRecord[] = [];
  for (const record of records) {
    // A request may hold a hundred thousand records: others get their turn in between.
    if (prepared.length % turnRecords === turnRecords - 1) await setImmediate();
    const preparation = prepareRecord(record, tenant);
    if (preparation.outcome === "refused") return preparation.reason;
    if (preparation.record.class === "seal") return "only the ledger writes seals";
    prepared.push(preparation.record);
  }
  return prepared;
}
