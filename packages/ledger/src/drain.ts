import { rm } from "node:fs/promises";
import type { StoreWriter } from "@custody/model";
import { reasonOf } from "./errors.ts";
import type { JournalFile } from "./journal.ts";
import type { LedgerLimits } from "./limits.ts";
import { backOff, createSignal, type Signal } from "./signal.ts";

/** Carries batch files from the journal to the store, in order, and remembers how far it came. */
export interface Drain {
  /** A durable file. `repair`: it may have been stored in part before. */
  add(file: JournalFile, repair: boolean): void;
  /** The leaf after the last one that every target table holds. */
  readonly storedTo: number;
  /** Files and bytes not yet stored; bytes of all files still on the disk. */
  readonly waiting: { readonly files: number; readonly bytes: number; readonly held: number };
  /** When the oldest file not yet stored was added, in `performance.now()` milliseconds. */
  readonly oldestAt: number | undefined;
  /** Why the store is not taking files, while it is not. */
  readonly trouble: string | undefined;
  /** Fires whenever a file was stored. */
  readonly progress: Signal;
  /** Resolves true when leaves below `size` are stored, false when the drain was closed first. */
  storedUpTo(size: number): Promise<boolean>;
  /** Deletes files that end at or before `size`. They must be stored and under a checkpoint. */
  release(size: number): Promise<void>;
  /** Stops after the insert in flight. */
  close(): Promise<void>;
}

interface Held {
  readonly file: JournalFile;
  readonly addedAt: number;
  repair: boolean;
}

export function createDrain(
  ports: { readonly store: StoreWriter; readonly onRetry: (reason: string) => void },
  limits: Pick<LedgerLimits, "retryMsMin" | "retryMsMax">,
  from: number,
): Drain {
  const unstored: Held[] = [];
  let stored: JournalFile[] = [];
  let storedTo = from;
  let closed = false;
  let trouble: string | undefined;
  let running: Promise<void> | undefined;
  const progress = createSignal();

  const insert = async (held: Held): Promise<boolean> => {
    try {
      const verdict = await ports.store.insert(held.file, { repair: held.repair });
      trouble = verdict.outcome === "stored" ? undefined : verdict.reason;
    } catch (error) {
      // An adapter that throws has stored an unknown part of the file, as one that says "retry" has.
      trouble = reasonOf(error);
    }
    if (trouble === undefined) return true;
    held.repair = true;
    ports.onRetry(trouble);
    return false;
  };

  const run = async (): Promise<void> => {
    const pause = backOff(limits);
    // One file after another: the order of leaves is the order of inserts.
    while (!closed) {
      const [held] = unstored;
      if (held === undefined) break;
      if (await insert(held)) {
        pause.reset();
        unstored.shift();
        stored.push(held.file);
        storedTo = held.file.to;
        progress.fire();
      } else {
        await pause.wait(progress);
      }
    }
    running = undefined;
  };

  const sum = (files: readonly JournalFile[]): number =>
    files.reduce((total, { bytes }) => total + bytes, 0);

  return {
    progress,
    get storedTo() {
      return storedTo;
    },
    get trouble() {
      return trouble;
    },
    get waiting() {
      const bytes = sum(unstored.map(({ file }) => file));
      return { files: unstored.length, bytes, held: bytes + sum(stored) };
    },
    get oldestAt() {
      return unstored[0]?.addedAt;
    },
    add(file, repair) {
      unstored.push({ file, repair, addedAt: performance.now() });
      if (!closed) running ??= run();
    },
    async storedUpTo(size) {
      while (storedTo < size && !closed) await progress.next();
      return storedTo >= size;
    },
    async release(size) {
      const done = stored.filter(({ to }) => to <= size);
      stored = stored.filter(({ to }) => to > size);
      for (const { path } of done) await rm(path, { force: true });
    },
    async close() {
      closed = true;
      progress.fire();
      await running;
    },
  };
}
