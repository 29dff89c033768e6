import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BatchFile, InsertVerdict, StoreWriter } from "@custody/model";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDrain, type Drain, type DrainLimits } from "./drain.ts";
import type { JournalFile } from "./journal.ts";

let dir: string;
let drain: Drain;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "custody-drain-"));
});
afterEach(async () => {
  await drain.close();
  await rm(dir, { recursive: true, force: true });
});

const limits: DrainLimits = {
  insertsMax: 2,
  insertFilesMax: 4,
  insertBytesMax: 1_000,
  insertAgeMsMin: 0,
  insertBusyBytes: 1_000,
  insertAgeMsMax: 0,
  retryMsMin: 1,
  retryMsMax: 4,
};

async function file(from: number, bytes = 10): Promise<JournalFile> {
  const path = join(dir, `${from}.native`);
  await writeFile(path, "");
  return { path, ledger: "l", tenant: "t", from, to: from + 1, rx: "", bytes };
}

/** A store that notes every insert and lets a test answer it. */
interface Desk extends StoreWriter {
  readonly inserts: {
    readonly from: readonly number[];
    readonly repair: boolean;
    answer(verdict: InsertVerdict): void;
  }[];
}
function createDesk(many: boolean): Desk {
  const inserts: Desk["inserts"] = [];
  const wait = (files: readonly BatchFile[], repair: boolean): Promise<InsertVerdict> =>
    new Promise((answer) => {
      inserts.push({ from: files.map(({ from }) => from), repair, answer });
    });
  return {
    inserts,
    insert: (one, { repair }) => wait([one], repair),
    ...(many ? { insertAll: (files: readonly BatchFile[]) => wait(files, false) } : {}),
  };
}
const stored: InsertVerdict = { outcome: "stored" };
const start = (store: StoreWriter, more: Partial<DrainLimits> = {}): void => {
  drain = createDrain({ store, onRetry: () => undefined }, { ...limits, ...more }, 0);
};
const from = (desk: Desk): (readonly number[])[] => desk.inserts.map((insert) => insert.from);

test("what counts as stored is what every earlier leaf is stored with, whichever insert ends first", async () => {
  const desk = createDesk(false);
  start(desk);
  for (const leaf of [0, 1, 2]) drain.add(await file(leaf), false);
  await expect.poll(() => from(desk)).toEqual([[0], [1]]);
  desk.inserts[1]?.answer(stored);
  await expect.poll(() => from(desk)).toEqual([[0], [1], [2]]);
  expect(drain.storedTo).toBe(0);
  desk.inserts[0]?.answer(stored);
  await expect.poll(() => drain.storedTo).toBe(2);
  desk.inserts[2]?.answer(stored);
  expect(await drain.storedUpTo(3)).toBe(true);
});

test("files that pile up go in one insert, up to the limits", async () => {
  const desk = createDesk(true);
  start(desk, { insertsMax: 1 });
  drain.add(await file(0), false);
  await expect.poll(() => from(desk)).toEqual([[0]]);
  for (const leaf of [1, 2, 3, 4, 5]) drain.add(await file(leaf), false);
  for (const [leaf, bytes] of [
    [6, 600],
    [7, 600],
  ] as const)
    drain.add(await file(leaf, bytes), false);
  const expected = [[0], [1, 2, 3, 4], [5, 6], [7]];
  for (let index = 0; index < expected.length; index++) {
    await expect.poll(() => from(desk)).toEqual(expected.slice(0, index + 1));
    desk.inserts[index]?.answer(stored);
  }
  expect(await drain.storedUpTo(8)).toBe(true);
});

test("after an insert of many that failed each file is repaired by itself, in order", async () => {
  const desk = createDesk(true);
  const files = await Promise.all([0, 1, 2].map((leaf) => file(leaf)));
  start(desk, { insertsMax: 1, insertAgeMsMin: 20 });
  for (const one of files) drain.add(one, false);
  await expect.poll(() => from(desk)).toEqual([[0, 1, 2]]);
  desk.inserts[0]?.answer({ outcome: "retry", reason: "half" });
  await expect.poll(() => drain.trouble).toBe("half");
  for (const leaf of [0, 1, 2]) {
    await expect.poll(() => desk.inserts[leaf + 1]).toMatchObject({ from: [leaf], repair: true });
    desk.inserts[leaf + 1]?.answer(stored);
  }
  expect(await drain.storedUpTo(3)).toBe(true);
  expect(drain.trouble).toBeUndefined();
});

test("a store that throws is tried again with repair", async () => {
  let calls = 0;
  const repairs: boolean[] = [];
  start({
    async insert(_, { repair }) {
      repairs.push(repair);
      calls += 1;
      if (calls < 3) throw new Error("broken");
      return stored;
    },
  });
  drain.add(await file(0), false);
  expect(await drain.storedUpTo(1)).toBe(true);
  expect(repairs).toEqual([false, true, true]);
});

test("a fresh file waits for others, one that needs repair does not", async () => {
  const desk = createDesk(true);
  start(desk, { insertsMax: 1, insertAgeMsMin: 60_000 });
  drain.add(await file(0), true);
  await expect.poll(() => from(desk)).toEqual([[0]]);
  desk.inserts[0]?.answer(stored);
  drain.add(await file(1), false);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(from(desk)).toEqual([[0]]);
  drain.add(await file(2, 1_000), false);
  await expect.poll(() => from(desk)).toEqual([[0], [1]]);
  desk.inserts[1]?.answer(stored);
  await expect.poll(() => from(desk)).toEqual([[0], [1], [2]]);
  desk.inserts[2]?.answer(stored);
});

test("under load files wait for a full statement, not for the moment that a lone one waits", async () => {
  const desk = createDesk(true);
  start(desk, { insertsMax: 1, insertBusyBytes: 100, insertAgeMsMax: 60_000 });
  for (const leaf of [0, 1, 2]) drain.add(await file(leaf, 100), false);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(from(desk)).toEqual([]);
  drain.add(await file(3, 700), false);
  await expect.poll(() => from(desk)).toEqual([[0, 1, 2, 3]]);
  desk.inserts[0]?.answer(stored);
  await expect.poll(() => drain.storedTo).toBe(4);
  // Less than a load: the moment of a lone file is over at once here.
  drain.add(await file(4, 10), false);
  await expect.poll(() => from(desk).at(-1)).toEqual([4]);
  desk.inserts[1]?.answer(stored);
});

test("only files that are stored and under a checkpoint are deleted", async () => {
  const desk = createDesk(false);
  start(desk);
  for (const leaf of [0, 1, 2]) drain.add(await file(leaf), false);
  await expect.poll(() => from(desk)).toHaveLength(2);
  desk.inserts[0]?.answer(stored);
  await expect.poll(() => drain.storedTo).toBe(1);
  await drain.release(3);
  expect((await readdir(dir)).sort()).toEqual(["1.native", "2.native"]);
  expect(drain.waiting).toMatchObject({ files: 2, bytes: 20, held: 20 });
  await expect.poll(() => from(desk)).toHaveLength(3);
  for (const insert of desk.inserts) insert.answer(stored);
  await drain.storedUpTo(3);
  await drain.release(2);
  expect(await readdir(dir)).toEqual(["2.native"]);
});

test("closing ends the waits and begins no insert", async () => {
  start(
    { insert: async () => ({ outcome: "retry", reason: "down" }) },
    { retryMsMin: 60_000, retryMsMax: 60_000 },
  );
  drain.add(await file(0), false);
  const waited = drain.storedUpTo(1);
  await expect.poll(() => drain.trouble).toBe("down");
  await drain.close();
  expect(await waited).toBe(false);
});
