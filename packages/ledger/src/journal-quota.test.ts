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
  all.join(() => ({ held: 300, unstored: 300, queued: 200 })).leave();
  all.join(() => ({ held: 250, unstored: 250, queued: 200 }));
  const late = all.join(() => ({ held: 0, unstored: 0, queued: 0 }));
  expect(late.refuses(75)).toBeUndefined();
  expect(late.refuses(151)).toBe("the journal is full");
  expect(all.status()).toMatchObject({ bytes: 650, bytesMax: 1_000, full: undefined });
});

test("a ledger that is alone has all of it, and one that is not takes half of what the others left at most", async () => {
  const all = await open({ journalBytesMax: 1_000, batchBytesMax: 100 });
  let held = 0;
  const flood = all.join(() => ({ held, unstored: held, queued: 0 }));
  expect(flood.refuses(1_000)).toBeUndefined();
  const quiet = all.join(() => ({ held: 100, unstored: 100, queued: 0 }));
  held = 400;
  expect(flood.refuses(50)).toBeUndefined();
  expect(flood.refuses(51)).toBe("the journal has no more room for this tenant");
  expect(quiet.refuses(200)).toBeUndefined();
  quiet.leave();
  expect(flood.refuses(600)).toBeUndefined();
});

test("the next batch is kept room for: a journal that would refuse it says it is full", async () => {
  const all = await open({ journalBytesMax: 1_000, batchBytesMax: 100 });
  all.join(() => ({ held: 901, unstored: 901, queued: 0 }));
  expect(all.status().full).toBe("the journal is full");
});

test("what is stored and waits for its checkpoint alone says so", async () => {
  const all = await open({ journalBytesMax: 1_000, batchBytesMax: 100 });
  const place = all.join(() => ({ held: 1_000, unstored: 400, queued: 0 }));
  expect(place.refuses(1)).toBe("the journal waits for a checkpoint");
});

test("a disk with less room than must stay free takes nothing more, long before it is full", async () => {
  const all = await open({ diskFreeBytesMin: 2 ** 60, diskFreeShareMin: 1 });
  const place = all.join(() => ({ held: 0, unstored: 0, queued: 0 }));
  expect(place.refuses(1)).toBe("the disk is nearly full");
  expect(all.status()).toMatchObject({ full: "the disk is nearly full" });
  expect(all.status().diskFreeBytes).toBeGreaterThan(0);
});

test("what was written since the disk was looked at counts as gone from it", async () => {
  const all = await open({ journalBytesMax: Number.MAX_SAFE_INTEGER, diskFreeBytesMin: 1 });
  const { diskFreeBytes = 0 } = all.status();
  let held = 0;
  const place = all.join(() => ({ held, unstored: held, queued: 0 }));
  expect(place.refuses(4_096)).toBeUndefined();
  held = diskFreeBytes;
  expect(place.refuses(4_096)).toBe("the disk is nearly full");
});

test("a folder that cannot be asked about its disk is bound by the quota alone", async () => {
  await rm(bench.dir, { recursive: true });
  const all = await open({ journalBytesMax: 1_000, diskFreeBytesMin: 2 ** 60 });
  const place = all.join(() => ({ held: 0, unstored: 0, queued: 0 }));
  expect(place.refuses(1_000)).toBeUndefined();
  expect(place.refuses(1_001)).toBe("the journal is full");
  expect(all.status().diskFreeBytes).toBeUndefined();
});
