import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClickHouseListener, startClickHouseListener } from "@custody/testkit";
import { afterAll, expect, test } from "vitest";
import { createCuttingProxy } from "../../../../test/support/cutting-proxy.ts";
import { changesContract } from "../changes.test-suite.ts";
import { storeContract } from "../contract.test-suite.ts";
import { findingsContract } from "../findings.test-suite.ts";
import { placedContract } from "../placed.test-suite.ts";
import { postureContract } from "../posture.test-suite.ts";
import { at, id, writeBatch } from "../scenario.test-suite.ts";
import { openStore } from "../store.ts";
import { day } from "../story.test-suite.ts";

const listeners: ClickHouseListener[] = [];

async function listen(dir: string, httpPort?: number): Promise<ClickHouseListener> {
  const listener = await startClickHouseListener({
    dir,
    ...(httpPort === undefined ? {} : { httpPort }),
  });
  listeners.push(listener);
  return listener;
}

afterAll(async () => {
  for (const listener of listeners) await listener.stop();
});

const openServer = async (dir: string) => {
  const { url, stop } = await listen(dir);
  const store = await openStore({ kind: "server", url, compress: true });
  // With its store: a server that goes on merging writes into a folder that is being removed.
  return { ...store, close: () => store.close().then(stop) };
};
storeContract("the store on a genuine server", openServer);
placedContract("the store on a genuine server", openServer);
changesContract("the store on a genuine server", openServer);
findingsContract("the store on a genuine server", openServer);
postureContract("the store on a genuine server", openServer);

test("a server that went away means retry, and a repair after it is back stores every leaf once", async () => {
  const dir = mkdtempSync(join(tmpdir(), "custody-away-"));
  const first = await listen(join(dir, "server"));
  const store = await openStore({ kind: "server", url: first.url });
  let again = first;
  try {
    await store.migrate();
    const batch = { dir: join(dir, "journal"), ledger: "custody.example/away/1", rx: at(day, 1) };
    const beat = (number: number) => ({
      id: id(number),
      class: "heartbeat",
      body: { last_seq: number, dropped: 0 },
    });
    const [one, two] = [0, 2].map((from) =>
      writeBatch({ ...batch, from, records: [beat(from), beat(from + 1)] }),
    );
    if (!one || !two) throw new Error("two files");
    expect(await store.writer.insert(one, { repair: false })).toEqual({ outcome: "stored" });
    await first.stop();
    expect(await store.writer.insert(two, { repair: false })).toMatchObject({ outcome: "retry" });
    again = await listen(join(dir, "server"), first.httpPort);
    for (const file of [one, two]) {
      expect(await store.writer.insert(file, { repair: true })).toEqual({ outcome: "stored" });
    }
    const { ledgers } = await store.status();
    expect(ledgers).toEqual([{ ledger: batch.ledger, rows: 4, leafMax: 3 }]);
  } finally {
    await store.close();
    await again.stop();
    rmSync(dir, { recursive: true, force: true });
  }
});

test("an insert whose connection broke while the server goes on with it is mended without a leaf twice", async () => {
  const dir = mkdtempSync(join(tmpdir(), "custody-cut-"));
  const { httpPort, stop } = await listen(join(dir, "server"));
  const proxy = await createCuttingProxy(httpPort);
  const store = await openStore({ kind: "server", url: proxy.url });
  try {
    await store.migrate();
    const leaves = 4_000;
    const batch = { dir: join(dir, "journal"), ledger: "custody.example/cut/1", rx: at(day, 1) };
    for (let round = 0; round < 5; round++) {
      const file = writeBatch({
        ...batch,
        from: round * leaves,
        records: Array.from({ length: leaves }, (_, index) => ({
          id: id(round * leaves + index),
          class: "observation",
          session: `s-${index}`,
          body: { state: "reported", trust: "tool_output" },
          content: { content: `text ${index} of ${round} `.repeat(20) },
        })),
      });
      proxy.cutNext();
      expect(await store.writer.insert(file, { repair: false })).toMatchObject({
        outcome: "retry",
      });
      expect(await store.writer.insert(file, { repair: true })).toEqual({ outcome: "stored" });
    }
    expect(proxy.cuts).toBe(5);
    const [held] = await store.reader.rows({
      sql: `SELECT count() AS records, uniqExact(leaf) AS leaves,
        (SELECT count() FROM content) AS content, (SELECT count() FROM claims) AS claims FROM records`,
      params: {},
    });
    const all = String(5 * leaves);
    expect(held).toEqual({ records: all, leaves: all, content: all, claims: all });
  } finally {
    await store.close();
    await proxy.close();
    await stop();
    rmSync(dir, { recursive: true, force: true });
  }
});

test("a URL that is none is refused without showing it, for it may hold a password", async () => {
  const opened = openStore({ kind: "server", url: "clickhouse://user:hunter2@host" });
  await expect(opened).rejects.toMatchObject({ code: "STORE_PARAM" });
  await expect(opened).rejects.not.toThrow(/hunter2/);
});

test("a server that does not answer is said so", async () => {
  const opened = openStore({ kind: "server", url: "http://127.0.0.1:9" });
  await expect(opened).rejects.toMatchObject({ code: "STORE_UNREACHABLE" });
});
