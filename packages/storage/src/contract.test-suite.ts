import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BatchFile } from "@custody/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actionListTests } from "./action-list.test-suite.ts";
import { evidenceTests } from "./evidence.test-suite.ts";
import { type Asked, leafRows, storedLedgers } from "./queries/index.ts";
import { recordTests } from "./records.test-suite.ts";
import { all, at, hostile, id, writeBatch } from "./scenario.test-suite.ts";
import { sessionListTests } from "./session-list.test-suite.ts";
import { statementTests } from "./statements.test-suite.ts";
import type { Store } from "./store.ts";
import { day, ledger, neighbour, oddities, policies, rx, story } from "./story.test-suite.ts";
import { walkTests } from "./walks.test-suite.ts";

/** What every store does, whichever engine is behind it. `open` makes an empty one in `dir`. */
export function storeContract(name: string, open: (dir: string) => Promise<Store>): void {
  describe(name, () => {
    let dir: string;
    let opened: Store | undefined;
    let store: Store;
    let asked: Asked;
    let files: readonly BatchFile[];

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), "custody-store-"));
      opened = await open(join(dir, "store"));
      store = opened;
      await store.migrate();
      asked = { reader: store.reader, tenant: "acme" };
      const journal = join(dir, "journal");
      const batch = { dir: journal, rx, ledger };
      files = [
        writeBatch({ ...batch, from: 0, records: story }),
        writeBatch({ ...batch, from: story.length, records: oddities }),
        writeBatch({ ...batch, from: story.length + oddities.length, records: policies }),
        writeBatch({
          ...batch,
          from: 0,
          ledger: "custody.example/other/1",
          tenant: "other",
          records: neighbour,
        }),
      ];
      for (const file of files) {
        expect(await store.writer.insert(file, { repair: false })).toEqual({ outcome: "stored" });
      }
    });

    afterAll(async () => {
      await opened?.close();
      rmSync(dir, { recursive: true, force: true });
    });

    const held = async (): Promise<unknown> =>
      store.reader.rows({
        sql: `SELECT (SELECT (count(), uniqExact(ledger, leaf)) FROM records) AS records,
          (SELECT (count(), uniqExact(ledger, leaf, path)) FROM content) AS content,
          (SELECT (count(), uniqExact(ledger, leaf)) FROM claims) AS claims`,
        params: {},
      });

    test("every target holds every leaf of a stored file once, content included", async () => {
      const leaves = story.length + oddities.length + policies.length + neighbour.length;
      const opened = [...story, ...oddities, ...neighbour].flatMap((one) =>
        Object.keys(one.content ?? {}),
      );
      expect(await held()).toEqual([
        {
          records: [`${leaves}`, `${leaves}`],
          content: [`${opened.length}`, `${opened.length}`],
          claims: [`${leaves}`, `${leaves}`],
        },
      ]);
    });

    test("storing a file again is a no-op", async () => {
      const before = await held();
      for (const file of files) {
        expect(await store.writer.insert(file, { repair: true })).toEqual({ outcome: "stored" });
      }
      expect(await held()).toEqual(before);
    });

    test("several files go in as one", async () => {
      const many = [0, 1, 2].map((number) =>
        writeBatch({
          dir: join(dir, "many"),
          rx,
          ledger: "custody.example/many/1",
          tenant: "many",
          from: number,
          records: [
            { id: id(200 + number), class: "heartbeat", body: { last_seq: number, dropped: 0 } },
          ],
        }),
      );
      expect(await store.writer.insertAll?.(many)).toEqual({ outcome: "stored" });
      for (const file of many) {
        expect(await store.writer.insert(file, { repair: true })).toEqual({ outcome: "stored" });
      }
      const found = await all(
        leafRows({ ...asked, tenant: "many" }, "custody.example/many/1", 0, 10),
      );
      expect(found.map(({ leaf, canonical }) => [leaf, idIn(canonical)])).toEqual([
        [0, id(200)],
        [1, id(201)],
        [2, id(202)],
      ]);
    });

    test("a file that is not there, or is not a batch file, is said so and nothing is stored", async () => {
      const missing: BatchFile = { ...(files[0] as BatchFile), path: join(dir, "missing.native") };
      expect(
        (await store.writer.insert(missing, { repair: false }).catch(() => ({ outcome: "thrown" })))
          .outcome,
      ).not.toBe("stored");
      expect(
        (await store.writer.insert(missing, { repair: true }).catch(() => ({ outcome: "thrown" })))
          .outcome,
      ).not.toBe("stored");
    });

    test("canonical bytes come back byte for byte", async () => {
      const found = await all(leafRows(asked, ledger, 0, 1_000));
      expect(found.map((one) => one.leaf)).toEqual(Array.from({ length: 30 }, (_, leaf) => leaf));
      const bytes = await storedLedgers(store.reader).canonical(ledger, 9);
      const text = Buffer.from(bytes ?? []).toString("utf8");
      expect(JSON.parse(text)).toMatchObject({ id: id(10), body: { tool: hostile } });
      expect(
        text.startsWith('{"agent":{"model":"gpt-5.5","name":"codex","version":"0.169.0"},"body":'),
      ).toBe(true);
    });

    test("claims since a time fill the window of duplicates", async () => {
      const { recentClaims } = storedLedgers(store.reader);
      const query = { tenant: "acme", origin: ledger, since: at(day, 0), entriesMax: 1_000 };
      const claims = await recentClaims(query);
      expect(claims.length).toBe(30);
      expect(claims[11]).toEqual({ id: id(11), claim: id(999), leaf: 11 });
      expect(await recentClaims({ ...query, since: at(day, 61) })).toEqual([]);
      const recent = await recentClaims({ ...query, entriesMax: 2 });
      expect(recent.map((one) => one.leaf)).toEqual([28, 29]);
    });

    test("the store knows how far it holds a ledger", async () => {
      const lookup = storedLedgers(store.reader);
      expect(await lookup.storedSize(ledger)).toBe(30);
      expect(await lookup.storedSize("custody.example/none/1")).toBe(0);
      expect(await lookup.canonical(ledger, 30)).toBeUndefined();
      const status = await store.status();
      expect(status.ledgers).toContainEqual({ ledger, rows: 30, leafMax: 29 });
      expect(status.diskBytes).toBeGreaterThan(1_000);
    });

    test("the engine says what it holds in memory and in parts, and what it merges, without reading a row", async () => {
      const { tables, ...measures } = await store.measures();
      const records = tables.find(({ table }) => table === "records");
      const [held] = await store.reader.rows({
        sql: "SELECT count() AS n FROM records",
        params: {},
      });
      expect(records).toMatchObject({ rows: Number(held?.["n"]) });
      expect(records?.parts).toBeGreaterThan(0);
      expect(records?.bytes).toBeGreaterThan(0);
      expect(measures.memoryBytes).toBeGreaterThan(0);
      expect(measures.memoryBytesMax).toBeGreaterThan(measures.memoryBytes);
      // The statement that asks.
      expect(measures.statementsRunning).toBeGreaterThanOrEqual(1);
      const { mergesRunning, merges, mergedRows } = measures;
      for (const count of [mergesRunning, merges, mergedRows]) {
        expect(count).toBeGreaterThanOrEqual(0);
      }
    });

    test("views of other packages are made, and made again when they change", async () => {
      const view = (sql: string) => [{ name: "test", sql }];
      const first =
        "CREATE OR REPLACE VIEW v_test AS SELECT count() AS n FROM records WHERE class = 'approval'";
      expect((await store.migrate(view(first))).applied).toEqual(["view/test"]);
      expect((await store.migrate(view(first))).applied).toEqual([]);
      expect(await store.reader.rows({ sql: "SELECT n FROM v_test", params: {} })).toEqual([
        { n: "3" },
      ]);
      expect((await store.migrate(view(first.replace("approval", "policy")))).applied).toEqual([
        "view/test",
      ]);
      expect(await store.reader.rows({ sql: "SELECT n FROM v_test", params: {} })).toEqual([
        { n: "5" },
      ]);
    });

    statementTests(() => ({ store, asked, dir }));
    evidenceTests(() => asked);
    sessionListTests(() => ({ store, asked, dir }));
    actionListTests(() => ({ store, asked, dir }));
    walkTests(() => ({ store, asked, dir }));
    recordTests(() => ({ store, asked, dir }));
  });
}

function idIn(canonical: Uint8Array): unknown {
  return (JSON.parse(Buffer.from(canonical).toString()) as { readonly id: unknown }).id;
}
