import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BatchFile } from "@custody/model";
import { type ClickHouseListener, startClickHouseListener } from "@custody/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createHoldingProxy, type HoldingProxy } from "../../../../test/support/holding-proxy.ts";
import { at, id, writeBatch } from "../scenario.test-suite.ts";
import { openStore, type Store } from "../store.ts";
import { day } from "../story.test-suite.ts";

/** Enough for several blocks of a statement's body. */
const leaves = 2_000;

const insert = "INSERT INTO ingest";

let dir: string;
let server: ClickHouseListener;
let proxy: HoldingProxy;
let store: Store;
let ledgers = 0;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "custody-fence-"));
  server = await startClickHouseListener({ dir: join(dir, "server") });
});
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  ledgers += 1;
  proxy = await createHoldingProxy(server.httpPort);
  store = await openStore({ kind: "server", url: proxy.url });
  await store.migrate();
});
afterEach(async () => {
  await store.close();
  await proxy.close();
});

const ledger = () => `custody.example/fence/${ledgers}`;

function written(from = 0, words = 20): BatchFile {
  return writeBatch({
    dir: join(dir, `journal-${ledgers}`),
    ledger: ledger(),
    rx: at(day, 1),
    from,
    records: Array.from({ length: leaves }, (_, index) => ({
      id: id(from + index),
      class: "observation",
      session: `s-${index}`,
      body: { state: "reported", trust: "tool_output" },
      content: { content: `text ${index} `.repeat(words) },
    })),
  });
}

async function held(): Promise<unknown> {
  const [row] = await store.reader.rows({
    sql: `SELECT (SELECT (count(), uniqExact(leaf)) FROM records WHERE ledger = {ledger:String}) AS records,
      (SELECT (count(), uniqExact(leaf)) FROM content WHERE ledger = {ledger:String}) AS content,
      (SELECT (count(), uniqExact(leaf)) FROM claims WHERE ledger = {ledger:String}) AS claims`,
    params: { ledger: ledger() },
  });
  return row;
}

const once = (count: number) => {
  const both = [`${count}`, `${count}`];
  return { records: both, content: both, claims: both };
};

test("an insert that reaches the server only after its repair has finished stores nothing", async () => {
  const file = written();
  proxy.holdNext(insert);
  expect(await store.writer.insert(file, { repair: false })).toMatchObject({ outcome: "retry" });
  expect(await store.writer.insert(file, { repair: true })).toEqual({ outcome: "stored" });
  expect(proxy.held).toBe(1);
  const [late] = await proxy.release();
  expect(late?.status).toBe(500);
  expect(late?.text).toContain("FUNCTION_THROW_IF_VALUE_IS_NON_ZERO");
  expect(await held()).toEqual(once(leaves));
});

test("a repair that reaches the server only after the next one has finished stores nothing", async () => {
  const file = written();
  for (const repair of [false, true]) {
    proxy.holdNext(insert);
    expect(await store.writer.insert(file, { repair })).toMatchObject({ outcome: "retry" });
  }
  expect(proxy.held).toBe(2);
  expect(await store.writer.insert(file, { repair: true })).toEqual({ outcome: "stored" });
  expect((await proxy.release()).map(({ status }) => status)).toEqual([500, 500]);
  expect(await held()).toEqual(once(leaves));
});

test("an insert of many files that comes late stores none of them, if one of them was repaired", async () => {
  const files = [written(0), written(leaves), written(2 * leaves)];
  proxy.holdNext(insert);
  expect(await store.writer.insertAll?.(files)).toMatchObject({ outcome: "retry" });
  const [, middle] = files;
  if (middle === undefined) throw new Error("three files");
  expect(await store.writer.insert(middle, { repair: true })).toEqual({ outcome: "stored" });
  expect((await proxy.release()).map(({ status }) => status)).toEqual([500]);
  expect(await held()).toEqual(once(leaves));
  for (const file of files) {
    expect(await store.writer.insert(file, { repair: true })).toEqual({ outcome: "stored" });
  }
  expect(await held()).toEqual(once(3 * leaves));
});

test("an insert that a server has begun and waits for the rest of is ended by the repair, and its rest stores nothing", async () => {
  // A server begins when it has read as much as a statement may be long, and no sooner.
  const file = written(0, 1_000);
  proxy.holdNext(insert, "half");
  expect(await store.writer.insert(file, { repair: false })).toMatchObject({ outcome: "retry" });
  const patience = { timeout: 20_000 };
  const running = (state: string) => ({
    sql: `SELECT 1 FROM system.processes WHERE query_id LIKE 'custody-%' AND ${state}`,
    params: {},
  });
  await expect.poll(() => store.reader.rows(running("NOT is_cancelled")), patience).toHaveLength(1);
  const repaired = store.writer.insert(file, { repair: true });
  await expect.poll(() => store.reader.rows(running("is_cancelled")), patience).toHaveLength(1);
  const [late] = await proxy.release();
  expect(late?.status).not.toBe(200);
  expect(await repaired).toEqual({ outcome: "stored" });
  expect(await held()).toEqual(once(leaves));
});

test("a fresh insert of leaves that another process has begun to repair is told to retry, and never that it is stored", async () => {
  const file = written();
  const other = await openStore({ kind: "server", url: server.url });
  try {
    expect(await other.writer.insert(file, { repair: true })).toEqual({ outcome: "stored" });
    expect(await store.writer.insert(file, { repair: false })).toMatchObject({
      outcome: "retry",
      reason: expect.stringContaining("STORE_FENCED") as string,
    });
    expect(await store.writer.insert(written(leaves), { repair: false })).toEqual({
      outcome: "stored",
    });
    expect(await held()).toEqual(once(2 * leaves));
  } finally {
    await other.close();
  }
});
