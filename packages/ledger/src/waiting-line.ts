import { createHash, type Hash } from "node:crypto";
import type { CommitVerdict } from "@custody/model";
import type { PreparedRecord } from "./prepared-record.ts";

export type SealVerdict =
  | { readonly outcome: "sealed" }
  | { readonly outcome: "failed"; readonly reason: string };

/** One `commit` call on its way to the disk; it may span several batches. */
export interface QueuedCall {
  readonly kind: "call";
  readonly records: readonly PreparedRecord[];
  readonly bytes: number;
  readonly done: (verdict: CommitVerdict) => void;
  /** Over the hashes of the leaves added. */
  readonly digest: Hash;
  /** The first record that is in no batch yet. */
  next: number;
  count: number;
  duplicates: number;
  rx: string;
}

export interface QueuedSeal {
  readonly kind: "seal";
  readonly done: (verdict: SealVerdict) => void;
}

type Queued = QueuedCall | QueuedSeal;

export function queuedCall(
  records: readonly PreparedRecord[],
  bytes: number,
  done: QueuedCall["done"],
): QueuedCall {
  const digest = createHash("sha256");
  return { kind: "call", records, bytes, done, digest, next: 0, count: 0, duplicates: 0, rx: "" };
}

/** What waits for the next batch, in order of arrival, and its sums. */
export interface WaitingLine {
  readonly items: number;
  readonly bytes: number;
  readonly records: number;
  readonly seals: number;
  add(item: Queued): void;
  at(index: number): Queued | undefined;
  /** Removes the first `count`. */
  take(count: number): void;
  /** Removes calls of a batch that failed, wherever they stand. */
  drop(calls: readonly QueuedCall[]): void;
  refuseAll(reason: string): void;
}

export function createWaitingLine(): WaitingLine {
  let line: Queued[] = [];
  const sums = { bytes: 0, records: 0, seals: 0 };

  const count = (item: Queued, sign: 1 | -1): void => {
    if (item.kind === "seal") {
      sums.seals += sign;
      return;
    }
    sums.bytes += sign * item.bytes;
    sums.records += sign * item.records.length;
  };

  return {
    get items() {
      return line.length;
    },
    get bytes() {
      return sums.bytes;
    },
    get records() {
      return sums.records;
    },
    get seals() {
      return sums.seals;
    },
    add(item) {
      line.push(item);
      count(item, 1);
    },
    at: (index) => line[index],
    take(first) {
      for (const item of line.splice(0, first)) count(item, -1);
    },
    drop(calls) {
      const gone = new Set<Queued>(calls);
      for (const item of line) if (gone.has(item)) count(item, -1);
      line = line.filter((item) => !gone.has(item));
    },
    refuseAll(reason) {
      const all = line;
      line = [];
      for (const item of all) {
        count(item, -1);
        item.done({ outcome: "failed", reason });
      }
    },
  };
}
