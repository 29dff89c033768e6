import { createHash, type Hash } from "node:crypto";
import type { CommitVerdict } from "@custody/model";
import type { SealVerdict } from "./committer.ts";
import type { Drain } from "./drain.ts";
import type { LedgerLimits } from "./limits.ts";
import type { PreparedRecord } from "./prepared-record.ts";
import { createSignal } from "./signal.ts";

/** One `commit` call on its way to the disk; it may span several batches. */
export interface QueuedCall {
  readonly kind: "call";
  readonly records: readonly PreparedRecord[];
  /** The first record that is in no batch yet. */
  next: number;
  /** Over the hashes of the leaves added. */
  readonly digest: Hash;
  count: number;
  duplicates: number;
  rx: string;
  readonly bytes: number;
  readonly done: (verdict: CommitVerdict) => void;
}

export interface QueuedSeal {
  readonly kind: "seal";
  readonly done: (verdict: SealVerdict) => void;
}

/** What waits for the next batch, in order of arrival. */
export interface CommitQueue {
  readonly bytes: number;
  /** Why these records cannot be taken now. */
  full(records: readonly PreparedRecord[]): string | undefined;
  addCall(records: readonly PreparedRecord[], done: QueuedCall["done"]): void;
  addSeal(done: QueuedSeal["done"]): void;
  at(index: number): QueuedCall | QueuedSeal | undefined;
  /** Removes the first `count`. */
  take(count: number): void;
  /** Removes calls of a batch that failed, wherever they stand. */
  drop(calls: readonly QueuedCall[]): void;
  /** Resolves when a batch should be written. */
  ready(hurried: boolean): Promise<void>;
  /** Ends the wait for company. */
  hurry(): void;
  refuseAll(reason: string): void;
}

export function createCommitQueue(limits: LedgerLimits, drain: Drain): CommitQueue {
  let items: (QueuedCall | QueuedSeal)[] = [];
  let bytes = 0;
  let records = 0;
  let urgent = 0;
  let since = 0;
  const arrival = createSignal();

  const put = (item: QueuedCall | QueuedSeal): void => {
    if (items.length === 0) since = performance.now();
    items.push(item);
    arrival.fire();
  };
  const forget = (item: QueuedCall | QueuedSeal): void => {
    if (item.kind === "seal") urgent -= 1;
    else {
      bytes -= item.bytes;
      records -= item.records.length;
    }
  };
  const enough = (): boolean =>
    urgent > 0 || records >= limits.batchRecordsMax || bytes >= limits.batchBytesMax;

  /** The first to come waits for company; while the store lags, longer, so that batches grow instead of multiplying. */
  const company = async (): Promise<void> => {
    const { files } = drain.waiting;
    const patience = files > limits.backlogFiles ? limits.backlogWaitMsMax : limits.batchAgeMsMax;
    for (;;) {
      const left = since + patience - performance.now();
      if (left <= 0 || enough()) return;
      await arrival.next(left);
    }
  };

  return {
    get bytes() {
      return bytes;
    },
    full(added) {
      const weight = weigh(added);
      const { bytes: unstored, held } = drain.waiting;
      if (unstored + bytes + weight > limits.journalBytesMax) return "the journal is full";
      if (held + bytes + weight > limits.unpublishedBytesMax)
        return "the journal waits for a checkpoint";
      return items.length > 0 && bytes + weight > limits.queueBytesMax
        ? "the queue is full"
        : undefined;
    },
    addCall(added, done) {
      const weight = weigh(added);
      bytes += weight;
      records += added.length;
      const digest = createHash("sha256");
      put({
        kind: "call",
        records: added,
        next: 0,
        digest,
        count: 0,
        duplicates: 0,
        rx: "",
        bytes: weight,
        done,
      });
    },
    addSeal(done) {
      urgent += 1;
      put({ kind: "seal", done });
    },
    at: (index) => items[index],
    take(count) {
      for (const item of items.splice(0, count)) forget(item);
    },
    drop(calls) {
      const gone = new Set<QueuedCall | QueuedSeal>(calls);
      for (const item of items) if (gone.has(item)) forget(item);
      items = items.filter((item) => !gone.has(item));
    },
    async ready(hurried) {
      if (!hurried) await company();
      since = performance.now();
    },
    hurry: () => {
      urgent += 1;
      arrival.fire();
    },
    refuseAll(reason) {
      const all = items;
      items = [];
      for (const item of all) {
        forget(item);
        item.done({ outcome: "failed", reason });
      }
    },
  };
}

function weigh(records: readonly PreparedRecord[]): number {
  return records.reduce((sum, { weight }) => sum + weight, 0);
}
