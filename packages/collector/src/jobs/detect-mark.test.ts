import { afterAll, beforeAll, expect, test } from "vitest";
import { type AlertBench, openAlertBench } from "../alerts/alert-bench.test-suite.ts";
import { createMarks, sweepSince } from "./detect-mark.ts";

let bench: AlertBench;
beforeAll(async () => {
  bench = await openAlertBench();
});
afterAll(() => bench.close());

const now = "2026-11-23T12:00:00.000000000Z";
const weekAgo = "2026-11-16T12:00:00.000000000Z";

/** What a start would look at, after a mark was advanced in a ledger of its own. */
async function sinceAfter(tenant: string, waitedMs: number, sharedStore: boolean): Promise<string> {
  const { reader, tenant: ledgerOf } = bench.ports(tenant);
  const marks = createMarks("digest", sharedStore);
  marks.looked(tenant);
  await marks.advance(tenant, await ledgerOf(tenant), now, waitedMs);
  await bench.stored(tenant);
  return sweepSince({ reader, tenant }, now);
}

test("a mark is as old as what waits longest, and a minute more for what was on its way", async () => {
  expect(await sinceAfter("own", 30_000, false)).toBe("2026-11-23T11:58:30.000000000Z");
});

test("where other processes write to the store a mark leaves them three minutes", async () => {
  expect(await sinceAfter("others", 0, true)).toBe("2026-11-23T11:57:00.000000000Z");
});

test("no mark is written while nobody knows how long something waits: a start looks at a week", async () => {
  expect(await sinceAfter("unknown", Number.POSITIVE_INFINITY, false)).toBe(weekAgo);
});

test("a mark that is older than a week is none", async () => {
  expect(await sinceAfter("old", 8 * 86_400_000, false)).toBe(weekAgo);
});
