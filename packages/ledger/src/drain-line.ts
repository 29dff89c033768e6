import type { JournalFile } from "./journal.ts";

export interface HeldFile {
  readonly file: JournalFile;
  /** In `performance.now()` milliseconds. */
  readonly addedAt: number;
  /** It may be stored in part. */
  repair: boolean;
  state: "waiting" | "inserting" | "stored";
}

/** Batch files on their way to the store, in leaf order. Inserts may end in another order; what counts as stored does not. */
export interface DrainLine {
  add(file: JournalFile, repair: boolean): void;
  /** The oldest file that no insert has taken. */
  oldestWaiting(): HeldFile | undefined;
  /** The next insert: one file that needs repair, or as many fresh ones as fit. */
  take(limits: { readonly filesMax: number; readonly bytesMax: number }): readonly HeldFile[];
  /** Marks an insert's files, and answers the leaf up to which everything is stored. */
  stored(files: readonly HeldFile[]): number;
  /** The insert failed somewhere: each of its files may be stored in part. */
  failed(files: readonly HeldFile[]): void;
  /** Forgets stored files that end at or before `size`, and answers them. */
  release(size: number): readonly JournalFile[];
  /** Files and bytes not yet stored; bytes of all files. */
  sums(): { readonly files: number; readonly bytes: number; readonly held: number };
  /** When the oldest file not yet stored was added. */
  oldestAt(): number | undefined;
  /** Bytes that no insert has taken. */
  readonly waitingBytes: number;
}

export function createDrainLine(from: number): DrainLine {
  let line: HeldFile[] = [];
  let done: JournalFile[] = [];
  let storedTo = from;
  // Kept as they change: an outage may leave many thousand files, and every commit asks.
  const sums = { files: 0, bytes: 0, held: 0, waiting: 0 };

  const turn = (held: HeldFile, state: HeldFile["state"]): void => {
    const { bytes } = held.file;
    if (held.state === "waiting") sums.waiting -= bytes;
    if (state === "waiting") sums.waiting += bytes;
    if (state === "stored") {
      sums.files -= 1;
      sums.bytes -= bytes;
    }
    held.state = state;
  };

  return {
    add(file, repair) {
      line.push({ file, repair, state: "waiting", addedAt: performance.now() });
      sums.files += 1;
      sums.bytes += file.bytes;
      sums.held += file.bytes;
      sums.waiting += file.bytes;
    },
    oldestWaiting: () => line.find(({ state }) => state === "waiting"),
    take({ filesMax, bytesMax }) {
      const taken: HeldFile[] = [];
      let bytes = 0;
      for (const held of line) {
        if (held.state !== "waiting") continue;
        bytes += held.file.bytes;
        const full = taken.length >= filesMax || bytes > bytesMax || held.repair;
        if (taken.length > 0 && full) break;
        taken.push(held);
        if (held.repair) break;
      }
      for (const held of taken) turn(held, "inserting");
      return taken;
    },
    stored(files) {
      for (const held of files) turn(held, "stored");
      const open = line.findIndex(({ state }) => state !== "stored");
      const settled = line.slice(0, open < 0 ? line.length : open).map(({ file }) => file);
      line = line.slice(settled.length);
      done = [...done, ...settled];
      storedTo = settled.at(-1)?.to ?? storedTo;
      return storedTo;
    },
    failed(files) {
      for (const held of files) {
        held.repair = true;
        turn(held, "waiting");
      }
    },
    release(size) {
      const gone = done.filter(({ to }) => to <= size);
      done = done.filter(({ to }) => to > size);
      for (const { bytes } of gone) sums.held -= bytes;
      return gone;
    },
    sums: () => sums,
    oldestAt: () => line[0]?.addedAt,
    get waitingBytes() {
      return sums.waiting;
    },
  };
}
