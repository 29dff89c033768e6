import { rm } from "node:fs/promises";
import type { InsertVerdict, StoreWriter } from "@custody/model";
import { createDrainLine, type HeldFile } from "./drain-line.ts";
import { reasonOf } from "./errors.ts";
import type { JournalFile } from "./journal.ts";
import type { LedgerLimits } from "./limits.ts";
import { backOff, createSignal, type Signal } from "./signal.ts";

/** Carries batch files from the journal to the store, and remembers how far it came. */
export interface Drain {
  /** A durable file. `repair`: it may have been stored in part before. */
  add(file: JournalFile, repair: boolean): void;
  /** The leaf up to which every target table holds everything. */
  readonly storedTo: number;
  /** Files and bytes not yet stored; bytes of all files still on the disk. */
  readonly waiting: { readonly files: number; readonly bytes: number; readonly held: number };
  /** When the oldest file not yet stored was added, in `performance.now()` milliseconds. */
  readonly oldestAt: number | undefined;
  /** Why the store is not taking files, while it is not. */
  readonly trouble: string | undefined;
  /** Resolves true when leaves below `size` are stored, false when the drain was closed first. */
  storedUpTo(size: number): Promise<boolean>;
  /** Deletes files that end at or before `size`. They must be stored and under a checkpoint. */
  release(size: number): Promise<void>;
  /** Keeps every file on the disk until the answer is called: a copy of the folder is being taken. */
  retain(): () => void;
  /** Stops after the inserts in flight. */
  close(): Promise<void>;
}

export type DrainLimits = Pick<
  LedgerLimits,
  | "insertsMax"
  | "insertFilesMax"
  | "insertBytesMax"
  | "insertAgeMsMin"
  | "insertBusyBytes"
  | "insertAgeMsMax"
  | "retryMsMin"
  | "retryMsMax"
>;

export interface DrainPorts {
  readonly store: StoreWriter;
  readonly onRetry: (reason: string) => void;
  readonly onStored?: (files: readonly HeldFile[], durationMs: number) => void;
}

export function createDrain(ports: DrainPorts, limits: DrainLimits, from: number): Drain {
  const line = createDrainLine(from);
  const change = createSignal();
  const lanes = new Set<Promise<void>>();
  const state: LaneState = { storedTo: from, closed: false, trouble: undefined };
  const retainers = new Set<symbol>();

  const open = (): void => {
    if (state.closed || lanes.size >= limits.insertsMax) return;
    const lane = runLane(ports, limits, line, state, change).finally(() => {
      lanes.delete(lane);
      if (line.oldestWaiting() !== undefined) open();
    });
    lanes.add(lane);
  };

  return {
    get storedTo() {
      return state.storedTo;
    },
    get trouble() {
      return state.trouble;
    },
    get waiting() {
      return line.sums();
    },
    get oldestAt() {
      return line.oldestAt();
    },
    add(file, repair) {
      line.add(file, repair);
      open();
      change.fire();
    },
    async storedUpTo(size) {
      while (state.storedTo < size && !state.closed) await change.next();
      return state.storedTo >= size;
    },
    retain() {
      const own = Symbol("retainer");
      retainers.add(own);
      return () => void retainers.delete(own);
    },
    async release(size) {
      // The next checkpoint releases what this one leaves.
      if (retainers.size > 0) return;
      for (const { path } of line.release(size)) await rm(path, { force: true });
    },
    async close() {
      state.closed = true;
      change.fire();
      await Promise.all(lanes);
    },
  };
}

interface LaneState {
  storedTo: number;
  closed: boolean;
  trouble: string | undefined;
}

/** One insert after another; several lanes take files in leaf order. */
async function runLane(
  ports: DrainPorts,
  limits: DrainLimits,
  line: ReturnType<typeof createDrainLine>,
  state: LaneState,
  change: Signal,
): Promise<void> {
  const pause = backOff(limits);
  const most = {
    filesMax: ports.store.insertAll === undefined ? 1 : limits.insertFilesMax,
    bytesMax: limits.insertBytesMax,
  };
  while (!state.closed) {
    await gather(limits, line, state, change);
    const files = line.take(most);
    if (files.length === 0) return;
    const began = performance.now();
    const reason = await insert(ports.store, files);
    state.trouble = reason;
    if (reason === undefined) {
      pause.reset();
      state.storedTo = line.stored(files);
      ports.onStored?.(files, performance.now() - began);
      change.fire();
    } else {
      line.failed(files);
      ports.onRetry(reason);
      await pause.wait(() => state.closed, change);
    }
  }
}

/**
 * A statement has a price of its own, whatever is in it: a fresh file waits a moment for others, and under load for a full statement, since
 * whoever waits there waits for the engine anyway.
 */
async function gather(
  limits: DrainLimits,
  line: ReturnType<typeof createDrainLine>,
  state: LaneState,
  change: Signal,
): Promise<void> {
  for (;;) {
    const oldest = line.oldestWaiting();
    if (oldest === undefined || oldest.repair || state.closed) return;
    const busy = line.waitingBytes >= limits.insertBusyBytes;
    const age = busy ? limits.insertAgeMsMax : limits.insertAgeMsMin;
    const left = oldest.addedAt + age - performance.now();
    if (left <= 0 || line.waitingBytes >= limits.insertBytesMax) return;
    await change.next(left);
  }
}

/** Why the store did not take the files, or nothing. */
async function insert(store: StoreWriter, files: readonly HeldFile[]): Promise<string | undefined> {
  const [first] = files;
  if (first === undefined) return undefined;
  try {
    const verdict: InsertVerdict =
      files.length > 1 && store.insertAll !== undefined
        ? await store.insertAll(files.map(({ file }) => file))
        : await store.insert(first.file, { repair: first.repair });
    return verdict.outcome === "stored" ? undefined : verdict.reason;
  } catch (error) {
    // An adapter that throws has stored an unknown part of the files, as one that says "retry" has.
    return reasonOf(error);
  }
}
