import {
  type Clock,
  type Committer,
  type CommitVerdict,
  millisOf,
  type Redacted,
  type RosterEntry,
} from "@custody/model";
import { type BatchBuilder, createBatchBuilder } from "./batch-builder.ts";
import {
  type CommitQueue,
  createCommitQueue,
  type QueuedCall,
  type QueuedSeal,
} from "./commit-queue.ts";
import type { Drain } from "./drain.ts";
import { LedgerError, reasonOf } from "./errors.ts";
import type { InternalRecords } from "./internal-record.ts";
import { writeBatch } from "./journal.ts";
import type { LedgerLimits } from "./limits.ts";
import type { LedgerEvent, OnStep } from "./ports.ts";
import { type PreparedRecord, prepareRecord } from "./prepared-record.ts";
import { placeSeal } from "./seal-record.ts";
import { stageClaims } from "./staged-claims.ts";
import type { Tip } from "./tip.ts";

export type SealVerdict =
  | { readonly outcome: "sealed" }
  | { readonly outcome: "failed"; readonly reason: string };

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
  /** Takes nothing more, and resolves when all that was taken is answered. */
  close(): Promise<void>;
}

export interface CommitterParts {
  readonly origin: string;
  readonly tenant: string;
  readonly journal: string;
  readonly clock: Clock;
  readonly limits: LedgerLimits;
  readonly tip: Tip;
  readonly drain: Drain;
  readonly internal: InternalRecords;
  readonly configDigest: () => string;
  readonly roster: (size: number) => readonly RosterEntry[];
  readonly onStep: OnStep;
  readonly onEvent: (event: Omit<LedgerEvent, "origin">) => void;
  /** New leaves are durable. */
  readonly onCommitted: (sealed: boolean) => void;
}

export function createCommitter(parts: CommitterParts): LedgerCommitter {
  const { limits, tip, drain } = parts;
  const queue = createCommitQueue(limits, drain);
  let fatal: string | undefined;
  let closing = false;
  let clockBackMs = 0;
  let running: Promise<void> | undefined;

  const nextRx = (): string => {
    const now = parts.clock.now();
    const last = tip.head.rx;
    if (last === undefined || now >= last) return now;
    clockBackMs = Math.max(clockBackMs, millisOf(last) - millisOf(now));
    return last;
  };

  const write = async (): Promise<void> => {
    const { builder, calls, finished, seal } = build(parts, queue, nextRx(), clockBackMs);
    queue.take(finished.length + (seal === undefined ? 0 : 1));
    if (builder.rows.length === 0) return answer(finished, seal);
    try {
      const { origin: ledger, tenant } = parts;
      const { rx, rows, marks } = builder;
      const file = await writeBatch(parts.journal, { ledger, tenant, rx, rows }, parts.onStep);
      const sealed = seal !== undefined;
      tip.apply({ rows, marks, head: builder.head.done(), sealed });
      drain.add(file, false);
      if (sealed) clockBackMs = 0;
      answer(finished, seal);
      parts.onStep(sealed ? "seal.journalled" : "batch.acknowledged");
      parts.onCommitted(sealed);
    } catch (error) {
      queue.drop(calls);
      refuse(error, calls, seal);
    }
  };

  const refuse = (error: unknown, calls: readonly QueuedCall[], seal?: QueuedSeal): void => {
    const reason = reasonOf(error);
    parts.onEvent({ name: "commit_failed", reason, count: calls.length });
    // A plain failure of the disk left nothing behind; anything else may have, so nobody builds on it.
    if (!isFileError(error)) stop(reason);
    const verdict: CommitVerdict = isDiskFull(reason)
      ? { outcome: "full", retryAfterMs: limits.retryAfterMs, reason: "the disk is full" }
      : { outcome: "failed", reason };
    for (const call of calls) call.done(verdict);
    seal?.done({ outcome: "failed", reason });
  };

  const stop = (reason: string): void => {
    fatal = reason;
    parts.onEvent({ name: "fatal", reason });
    queue.refuseAll(reason);
  };

  const pump = async (): Promise<void> => {
    // One batch after another: leaf order is the order of answers.
    while (fatal === undefined && queue.at(0) !== undefined) {
      await queue.ready(closing);
      try {
        await write();
      } catch (error) {
        stop(reasonOf(error));
      }
    }
    running = undefined;
  };

  const enqueue = <T>(put: (done: (verdict: T) => void) => void): Promise<T> =>
    new Promise((resolve) => {
      put(resolve);
      running ??= pump();
    });

  const commit = async (records: readonly Redacted[], own: boolean): Promise<CommitVerdict> => {
    const stopped = fatal ?? (closing ? "the ledger is closed" : undefined);
    if (stopped !== undefined) return { outcome: "failed", reason: stopped };
    const prepared: PreparedRecord[] = [];
    for (const record of records) {
      const preparation = prepareRecord(record, parts.tenant);
      if (preparation.outcome === "refused")
        return { outcome: "failed", reason: preparation.reason };
      if (preparation.record.class === "seal") {
        return { outcome: "failed", reason: "only the ledger writes seals" };
      }
      prepared.push(preparation.record);
    }
    const full = own ? undefined : queue.full(prepared);
    if (full !== undefined) {
      return { outcome: "full", retryAfterMs: limits.retryAfterMs, reason: full };
    }
    return enqueue((done) => queue.addCall(prepared, done));
  };

  const answer = (finished: readonly QueuedCall[], seal?: QueuedSeal): void => {
    for (const call of finished)
      call.done({ outcome: "committed", receipt: receiptOf(parts.origin, call) });
    seal?.done({ outcome: "sealed" });
  };

  return {
    commit: (records) => commit(records, false),
    commitOwn: (records) => commit(records, true),
    seal: async () =>
      fatal === undefined
        ? enqueue<SealVerdict>((done) => queue.addSeal(done))
        : { outcome: "failed", reason: fatal },
    get queuedBytes() {
      return queue.bytes;
    },
    get fatal() {
      return fatal;
    },
    async close() {
      closing = true;
      queue.hurry();
      await running;
    },
  };
}

/** A batch as the front of the queue gives it. */
interface Built {
  readonly builder: BatchBuilder;
  /** Calls with a record in this batch. */
  readonly calls: readonly QueuedCall[];
  /** Those of them whose last record is in it. */
  readonly finished: readonly QueuedCall[];
  readonly seal: QueuedSeal | undefined;
}

function build(parts: CommitterParts, queue: CommitQueue, rx: string, clockBackMs: number): Built {
  const { tip, limits, origin, tenant, internal } = parts;
  const claims = stageClaims(tip.claims);
  const builder = createBatchBuilder({ origin, tenant, head: tip.head, rx, claims, internal });
  const calls: QueuedCall[] = [];
  const finished: QueuedCall[] = [];
  let seal: QueuedSeal | undefined;
  for (let item = queue.at(0); item !== undefined; item = queue.at(finished.length)) {
    if (item.kind === "seal") {
      seal = item;
      break;
    }
    calls.push(item);
    if (!placeCall(builder, item, limits)) break;
    finished.push(item);
  }
  if (seal !== undefined) {
    const { highWater } = tip;
    const configDigest = parts.configDigest();
    const { roster } = parts;
    placeSeal(builder, {
      origin,
      before: tip.head,
      highWater,
      internal,
      configDigest,
      roster,
      limits,
      clockBackMs,
    });
  }
  return { builder, calls, finished, seal };
}

/** False when the batch is full before the call's last record. */
function placeCall(builder: BatchBuilder, call: QueuedCall, limits: LedgerLimits): boolean {
  call.rx = builder.rx;
  for (
    let record = call.records[call.next];
    record !== undefined;
    record = call.records[call.next]
  ) {
    const full =
      builder.rows.length >= limits.batchRecordsMax ||
      (builder.rows.length > 0 && builder.bytes + record.weight > limits.batchBytesMax);
    if (full) return false;
    const { outcome, shas } = builder.place(record);
    if (outcome === "duplicate") call.duplicates += 1;
    for (const sha of shas) call.digest.update(sha);
    call.count += shas.length;
    call.next += 1;
  }
  return true;
}

function receiptOf(origin: string, { digest, count, duplicates, rx }: QueuedCall) {
  return { origin, batch: digest.digest("hex"), count, duplicates, rx };
}

/** An error of the operating system: it carries a code such as EIO. */
function isFileError(error: unknown): boolean {
  return error instanceof Error && !(error instanceof LedgerError) && "syscall" in error;
}

function isDiskFull(reason: string): boolean {
  return reason === "ENOSPC" || reason === "EDQUOT";
}
