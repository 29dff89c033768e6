import type { Drain } from "./drain.ts";
import type { JournalPlace } from "./journal-quota.ts";
import type { LedgerLimits } from "./limits.ts";
import type { PreparedRecord } from "./prepared-record.ts";
import { createSignal } from "./signal.ts";
import {
  createWaitingLine,
  type QueuedCall,
  type QueuedSeal,
  queuedCall,
  type WaitingLine,
} from "./waiting-line.ts";

/** Decides what may wait, and when a batch is written. */
export interface CommitQueue {
  readonly line: Omit<WaitingLine, "add">;
  /** Why these records cannot be taken now. */
  full(records: readonly PreparedRecord[]): string | undefined;
  addCall(records: readonly PreparedRecord[], done: QueuedCall["done"]): void;
  addSeal(done: QueuedSeal["done"]): void;
  /** Resolves when a batch should be written. */
  ready(): Promise<void>;
  /** Nothing waits for company any more. */
  hurry(): void;
}

export function createCommitQueue(
  limits: LedgerLimits,
  drain: Drain,
  place: Pick<JournalPlace, "refuses">,
): CommitQueue {
  const line = createWaitingLine();
  const arrival = createSignal();
  let hurried = false;
  let since = 0;

  const add = (item: QueuedCall | QueuedSeal): void => {
    if (line.items === 0) since = performance.now();
    line.add(item);
    arrival.fire();
  };

  const enough = (): boolean =>
    hurried ||
    line.seals > 0 ||
    line.records >= limits.batchRecordsMax ||
    line.bytes >= limits.batchBytesMax;

  return {
    line,
    full(added) {
      const weight = weigh(added);
      const refused = place.refuses(weight);
      if (refused !== undefined) return refused;
      // A single call larger than the queue is taken when nothing else waits: it could never fit otherwise.
      const over = line.items > 0 && line.bytes + weight > limits.queueBytesMax;
      return over ? "the queue is full" : undefined;
    },
    addCall: (records, done) => add(queuedCall(records, weigh(records), done)),
    addSeal: (done) => add({ kind: "seal", done }),
    async ready() {
      // While the store lags the first to come waits longer, so that batches grow instead of multiplying.
      const lags = drain.waiting.files > limits.backlogFiles;
      const patience = lags ? limits.backlogWaitMsMax : limits.batchAgeMsMax;
      for (let left = patience; left > 0 && !enough(); ) {
        left = since + patience - performance.now();
        if (left > 0) await arrival.next(left);
      }
      since = performance.now();
    },
    hurry() {
      hurried = true;
      arrival.fire();
    },
  };
}

function weigh(records: readonly PreparedRecord[]): number {
  return records.reduce((sum, { weight }) => sum + weight, 0);
}
