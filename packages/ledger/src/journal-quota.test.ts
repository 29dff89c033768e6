import { rm } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type JournalQuota, openJournalQuota, type QuotaLimits } from "./journal-quota.ts";
import { ledgerLimits } from "./limits.ts";
import { createWorkbench, type Workbench } from "./workbench.test-suite.ts";

let bench: Workbench;
let quota: JournalQuota | undefined;
beforeEach(async () => {
  bench = await createWorkbench();
});
afterEach(async () => {
  quota?.close();
  await bench.remove();
});

const open = async (limits: Partial<QuotaLimits>): Promise<JournalQuota> => {
  quota = await openJournalQuota(bench.dir, { ...ledgerLimits, diskFreeBytesMin: 0, ...limits });
  return quota;
};

test("one quota holds over all ledgers of a folder, with what they have on the way", async () => {
  const all = await open({ journalBytesMax: 1_000, batchBytesMax: 100 });
  all.join(() => ({ held: 400, unstored: 400, queued: 0 }));
  const leave = all.join(() => ({ held: 300, unstored: 300, queued: 200 }));
  expect(all.refuses(100)).toBeUndefined();
  expect(all.refuses(101)).toBe("the journal is full");
  expect(all.status()).toMatchObject({ bytes: 700, bytesMax: 1_000, full: undefined });
  leave();
  expect(all.refuses(600)).toBeUndefined();
});

test("the next batch is kept room for: a journal that would refuse it says it is full", async () => {
  const all = await open({ journalBytesMax: 1_000, batchBytesMax: 100 });
  all.join(() => ({ held: 901, unstored: 901, queued: 0 }));
  expect(all.status().full).toBe("the journal is full");
});

test("what is stored and waits for its checkpoint alone says so", async () => {
  const all = await open({ journalBytesMax: 1_000, batchBytesMax: 100 });
  all.join(() => ({ held: 1_000, unstored: 400, queued: 0 }));
  expect(all.refuses(1)).toBe("the journal waits for a checkpoint");
});

test("a disk with less room than must stay free takes nothing more, long before it is full", async () => {
  const all = await open({ diskFreeBytesMin: 2 ** 60, diskFreeShareMin: 1 });
  expect(all.refuses(1)).toBe("the disk is nearly full");
  expect(all.status()).toMatchObject({ full: "the disk is nearly full" });
  expect(all.status().diskFreeBytes).toBeGreaterThan(0);
});

test("what was written since the disk was looked at counts as gone from it", async () => {
  const all = await open({ journalBytesMax: Number.MAX_SAFE_INTEGER, diskFreeBytesMin: 1 });
  const { diskFreeBytes = 0 } = all.status();
  let held = 0;
  all.join(() => ({ held, unstored: held, queued: 0 }));
  expect(all.refuses(4_096)).toBeUndefined();
  held = diskFreeBytes;
  expect(all.refuses(4_096)).toBe("the disk is nearly full");
});

test("a folder that cannot be asked about its disk is bound by the quota alone", async () => {
  await rm(bench.dir, { recursive: true });
  const all = await open({ journalBytesMax: 1_000, diskFreeBytesMin: 2 ** 60 });
  expect(all.refuses(1_000)).toBeUndefined();
  expect(all.refuses(1_001)).toBe("the journal is full");
  expect(all.status().diskFreeBytes).toBeUndefined();
});
