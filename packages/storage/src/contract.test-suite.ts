import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { actionIdText, type BatchFile } from "@custody/model";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StorageError } from "./errors.ts";
import { evidenceTests } from "./evidence.test-suite.ts";
import {
  type Asked,
  actionKeyOf,
  actionRecords,
  classRange,
  contentOf,
  countsByClass,
  driftCounts,
  latestPolicies,
  leafRows,
  listActions,
  listRecords,
  listSessions,
  policyRecords,
  recordById,
  recordsById,
  sessionRecords,
  sessionsWithEgress,
  storedLedgers,
  traceRecords,
} from "./queries/index.ts";
import { at, disclosure, hostile, id, writeBatch } from "./scenario.test-suite.ts";
import type { Store } from "./store.ts";
import { day, neighbour, oddities, policies, story } from "./story.test-suite.ts";
import { strays } from "./strays.test-suite.ts";

const rx = at(day, 60);
const ledger = "custody.example/acme/1";

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

    test("a hostile string parameter comes back as it went in, alone and in lists", async () => {
      const nasty = fc.oneof(
        fc.string({ unit: "binary", maxLength: 30 }),
        fc.string({
          unit: fc.constantFrom(
            "'",
            '"',
            "\\",
            "\n",
            "\r",
            "\t",
            "\0",
            "{",
            "}",
            "x",
            ":",
            "N",
            "%",
            ";",
            "-",
            "*",
            "/",
            "$",
            "é",
            "\u2028",
            "😀",
          ),
          maxLength: 30,
        }),
        fc.constantFrom(
          hostile,
          "\n\n",
          "{x:String}",
          "\\N",
          "'); DROP TABLE records; --",
          "\\'",
          "\u0001\u007f\u0085",
          "$$",
          "NULL",
          "[]",
          "['a']",
        ),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(nasty, { minLength: 20, maxLength: 20 }), async (values) => {
          const params = Object.fromEntries(values.map((value, index) => [`p${index}`, value]));
          const columns = values.map((_, index) => `{p${index}:String} AS c${index}`).join(", ");
          const [row] = await store.reader.rows({
            sql: `SELECT ${columns}, {all:Array(String)} AS together, length({all:Array(String)}) AS size`,
            params: { ...params, all: values },
          });
          expect(values.map((_, index) => row?.[`c${index}`])).toEqual(values);
          expect(row?.["together"]).toEqual(values);
          expect(row?.["size"]).toBe(`${values.length}`);
        }),
        { numRuns: 60 },
      );
    });

    test("numbers, truth and times keep their value and their type", async () => {
      const [row] = await store.reader.rows({
        sql: `SELECT {u:UInt64} AS u, {i:Int64} AS i, {t:DateTime64(9, 'UTC')} AS t, {b:Bool} AS b, {l:Array(UInt64)} AS l, {none:Array(String)} AS none,
          toTypeName({u:UInt64}) AS tu, toTypeName({t:DateTime64(9, 'UTC')}) AS tt, toTypeName({none:Array(String)}) AS tn`,
        params: {
          u: 18446744073709551615n,
          i: -5,
          t: "2026-01-02T03:04:05.123456789Z",
          b: true,
          l: [1, 2],
          none: [],
        },
      });
      expect(row).toEqual({
        u: "18446744073709551615",
        i: "-5",
        t: "2026-01-02 03:04:05.123456789",
        b: true,
        l: ["1", "2"],
        none: [],
        tu: "UInt64",
        tt: "DateTime64(9, 'UTC')",
        tn: "Array(String)",
      });
    });

    test("a reader cannot write, and a statement that fails says a code and no content", async () => {
      for (const sql of [
        "INSERT INTO migrations (name) VALUES ('x')",
        "DROP TABLE records",
        "ALTER TABLE records DELETE WHERE 1",
        "SELECT nope",
      ]) {
        const error = await store.reader
          .rows({ sql, params: {} })
          .catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(StorageError);
        expect((error as StorageError).code).toBe("STORE_QUERY");
        expect((error as StorageError).message).toMatch(/^(statement|query): engine code \d+$/);
      }
    });

    test("a statement over its limit of rows or of time is refused", async () => {
      const rows = store.reader.rows({
        sql: "SELECT number FROM numbers(100)",
        params: {},
        rowsMax: 10,
      });
      await expect(rows).rejects.toMatchObject({ code: "STORE_ROWS_MAX" });
      const slow = { sql: "SELECT sum(sleepEachRow(0.5)) FROM numbers(4)", params: {} };
      await expect(store.reader.rows({ ...slow, timeoutMs: 1_000 })).rejects.toMatchObject({
        code: "STORE_TIMEOUT",
      });
    });

    test("a caller that goes away is let go at once, and the next one is served", async () => {
      const signal = AbortSignal.timeout(50);
      const slow = store.reader.rows(
        { sql: "SELECT sum(sleepEachRow(0.1)) FROM numbers(10)", params: {} },
        signal,
      );
      await expect(slow).rejects.toThrow();
      expect(await store.reader.rows({ sql: "SELECT 1 AS one", params: {} })).toEqual([{ one: 1 }]);
    });

    test("unmatched rows of a join are defaults, whatever the server's own default is", async () => {
      const rows = await store.reader.rows({
        sql: "SELECT r.b AS b FROM (SELECT 1 AS a) AS l LEFT JOIN (SELECT 2 AS a, 'x' AS b) AS r USING (a)",
        params: {},
      });
      expect(rows).toEqual([{ b: "" }]);
    });

    test("`at` is the source's time within a day of receipt, else the time of receipt, and marked", async () => {
      const rows = await store.reader.rows({
        sql: "SELECT id_hex, toString(at) AS at_text, at_marked, ts IS NULL AS timeless FROM records WHERE tenant = {tenant:String} AND id_hex IN {ids:Array(String)} ORDER BY id_hex",
        params: { tenant: "acme", ids: [id(8), id(40), id(41), id(42)] },
      });
      const received = rx.replace("T", " ").replace("Z", "");
      expect(rows).toEqual([
        {
          id_hex: id(8),
          at_text: at(day, 6).replace("T", " ").replace("Z", ""),
          at_marked: false,
          timeless: 0,
        },
        { id_hex: id(40), at_text: received, at_marked: true, timeless: 1 },
        { id_hex: id(41), at_text: received, at_marked: true, timeless: 0 },
        { id_hex: id(42), at_text: received, at_marked: true, timeless: 1 },
      ]);
    });

    evidenceTests(() => asked);

    test("sessions come newest first with their scalars, in pages", async () => {
      const first = await listSessions(asked, { limit: 1 });
      expect(first.items).toMatchObject([
        { session: "s-2", agent: { name: "claude-code" }, endedAt: null, principal: null },
      ]);
      const second = await listSessions(asked, {
        limit: 1,
        ...(first.next === null ? {} : { cursor: first.next }),
      });
      expect(second.items).toEqual([
        {
          session: "s-1",
          firstAt: at(day, 0),
          lastAt: at(day, 30),
          endedAt: at(day, 30),
          endReason: "user",
          agent: { name: "codex", version: "0.169.0", model: "gpt-5.5" },
          principal: "usr_alice",
          repo: "git@x:a/b",
        },
      ]);
    });

    test.each([
      [{ agent: "codex" }, ["s-1"]],
      [{ agent: "claude-code" }, ["s-2"]],
      [{ principal: "usr_alice" }, ["s-1"]],
      [{ repo: "git@x:a/b" }, ["s-1"]],
      [{ status: "ended" }, ["s-1"]],
      [{ status: "open", idleBefore: at(day, 0) }, ["s-2"]],
      [{ status: "unclean", idleBefore: at(day, 3600) }, ["s-2"]],
      [{ q: "zanzibar" }, ["s-1"]],
      [{ q: "nothing-of-the-kind" }, []],
      [{ from: at(day, 31) }, ["s-2"]],
      [{ to: at(day, 5) }, ["s-1"]],
      [{ agent: hostile }, []],
    ] as const)("sessions filtered by %j are %j", async (filter, expected) => {
      expect((await listSessions(asked, filter)).items.map((one) => one.session)).toEqual(expected);
    });

    test("sessions with flows of their own are told from those without, and from another tenant's", async () => {
      const sessions = ["s-1", "s-2", "unknown", hostile];
      expect(await sessionsWithEgress(asked, sessions)).toEqual(new Set(["s-1"]));
      expect(await sessionsWithEgress({ ...asked, tenant: "other" }, sessions)).toEqual(new Set());
      expect(await sessionsWithEgress(asked, [])).toEqual(new Set());
    });

    test("a timeline is in order of time and leaf, in pages without gap or overlap", async () => {
      const ids: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await sessionRecords(asked, {
          session: "s-1",
          limit: 4,
          ...(cursor === undefined ? {} : { cursor }),
        });
        ids.push(...page.items.map((one) => one.record.id));
        if (page.next === null) break;
        cursor = page.next;
      }
      // Flow 16 names no session: the link that counts brings it in, once.
      expect(ids).toEqual(
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11, 12, 13, 14, 15, 16, 18, 17, 19, 20, 21].map(id),
      );
    });

    test.each([
      [{}, ["c2@s-2", "c1@s-2", "c3", "c2", "c1"]],
      [{ session: "s-1" }, ["c3", "c2", "c1"]],
      [{ agent: "codex" }, ["c3", "c2", "c1"]],
      [{ principal: "usr_alice" }, ["c3", "c2", "c1"]],
      [{ tool: "exec_command" }, ["c1"]],
      [{ tool: hostile }, ["c2"]],
      [{ kind: "net" }, ["c3"]],
      [{ status: "executed" }, ["c1"]],
      [{ status: "denied" }, ["c2"]],
      [{ status: "blocked" }, ["c3"]],
      [{ verdict: "deny" }, ["c2"]],
      [{ verdict: "allow", by: "policy" }, ["c1"]],
      [{ egress_host: "denied.example" }, ["c3"]],
      [{ egress_host: "paste.example" }, ["c1"]],
      [{ egress_action: "denied" }, ["c3"]],
      [{ finding: "EGR-01" }, ["c3"]],
      [{ contested: true }, ["c2"]],
      [{ q: "ZANZIBAR" }, ["c1"]],
      [{ q: "ljubljana 7" }, ["c1"]],
      [{ q: "zanzibar nowhere" }, []],
      [{ session: "s-2", tool: "Bash" }, ["c2@s-2", "c1@s-2"]],
      [{ from: at(day, 10), to: at(day, 15) }, ["c2"]],
      [{ tool: "' OR 1 = 1 --" }, []],
    ] as const)("actions filtered by %j are %j", async (filter, expected) => {
      const { items } = await listActions(asked, filter);
      expect(
        items.map((one) => (one.session === "s-1" ? one.call : `${one.call}@${one.session}`)),
      ).toEqual(expected);
    });

    test("a search finds the same once the index of its day is built", async () => {
      await store.indexDay(rx.slice(0, 10));
      const calls = async (q: string) =>
        (await listActions(asked, { q })).items.map((one) => one.call);
      expect(await calls("zanzibar")).toEqual(["c1"]);
      expect(await calls("ljubljana 7")).toEqual(["c1"]);
      expect(await calls("zanzibar nowhere")).toEqual([]);
      await expect(store.indexDay("2026-01-01' OR")).rejects.toMatchObject({ code: "STORE_PARAM" });
    });

    test("no action stands on two pages, and none is left out", async () => {
      const calls: string[] = [];
      let pages = 0;
      for (let cursor: string | undefined; ; pages++) {
        const page = await listActions(asked, {
          limit: 1,
          session: "s-1",
          ...(cursor === undefined ? {} : { cursor }),
        });
        calls.push(...page.items.map((one) => one.call));
        if (page.next === null) break;
        cursor = page.next;
      }
      expect(calls).toEqual(["c3", "c2", "c1"]);
      expect(pages).toBeGreaterThan(2);
    });

    test("an action has its records, those its links give it, and what holds for its session", async () => {
      const [c1, c3] = await actionRecords(asked, [
        { session: "s-1", call: "c1" },
        { session: "s-1", call: "c3" },
      ]);
      expect(c1?.records.map((one) => one.record.id)).toEqual([5, 6, 7, 8, 9, 16, 18].map(id));
      expect(c1?.sessionLevel.map((one) => one.record.id)).toEqual([1, 20, 21].map(id));
      // The link of basis 1 to c3 lost to the one of basis 2: the flow is not c3's.
      expect(c3?.records.map((one) => one.record.id)).toEqual([14, 15, 19].map(id));
    });

    test("an action is found by its id", async () => {
      const key = { session: "s-1", call: "c3" };
      const text = actionIdText("acme", key.session, key.call);
      const action = createHash("sha256").update(text).digest("hex").slice(0, 32);
      expect(await actionKeyOf(asked, action)).toEqual(key);
      expect(await actionKeyOf({ ...asked, tenant: "other" }, action)).toBeUndefined();
    });

    test("an unknown action has no records", async () => {
      const [none] = await actionRecords(asked, [{ session: "s-1", call: hostile }]);
      expect(none?.records).toEqual([]);
    });

    test("a record is found by id, with all its copies", async () => {
      expect((await recordById(asked, id(8)))?.record).toMatchObject({
        class: "tool_call",
        body: { exit_code: 7 },
      });
      const copies = await recordsById(asked, [id(11)]);
      expect(copies.map((one) => (one.record.body as { raw: string }).raw)).toEqual([
        "denied/User",
        "approved/User",
      ]);
      expect(await recordById(asked, id(777))).toBeUndefined();
      expect(await recordById(asked, "' OR 1")).toBeUndefined();
    });

    test("content opens to the text that was committed to, and its disclosure is the one that was stored", async () => {
      const text = "curl https://paste.example/Zanzibar";
      expect(await contentOf(asked, [id(5)])).toEqual([
        {
          id: id(5),
          ledger,
          leaf: 4,
          path: "arguments",
          text,
          disclosure: disclosure("arguments", text).disclosure,
        },
      ]);
      const [prompt] = await contentOf(asked, [id(2)]);
      expect(prompt?.text).toBe(`please ${hostile}`);
      expect(prompt?.disclosure).toBe(disclosure("prompt", `please ${hostile}`).disclosure);
    });

    test("a trace is every record of its id", async () => {
      const trace = await traceRecords(asked, "0af7651916cd43dd8448eb211c80319c");
      expect(trace.map((one) => one.record.id)).toEqual([3, 4].map(id));
      expect(await traceRecords(asked, "00000000000000000000000000000001")).toEqual([]);
    });

    test("records are listed newest first by any promoted column, in pages", async () => {
      const first = await listRecords(asked, { class: "approval", limit: 2 });
      expect(first.items.map((one) => one.leaf)).toEqual([11, 10]);
      const rest = await listRecords(asked, {
        class: "approval",
        limit: 2,
        ...(first.next === null ? {} : { cursor: first.next }),
      });
      expect(rest.items.map((one) => one.record.id)).toEqual([id(6)]);
      expect(
        (await listRecords(asked, { subject: "egress-proxy" })).items.map((one) => one.record.id),
      ).toEqual([id(16)]);
    });

    test("a cursor from outside is checked", async () => {
      for (const cursor of [
        "",
        "x",
        "AAAA",
        Buffer.from('["2026",1,"l"]').toString("base64url"),
        Buffer.from(`["${rx}",-1,"l"]`).toString("base64url"),
        "'".repeat(9),
        "a".repeat(9_000),
      ]) {
        await expect(listRecords(asked, { cursor })).rejects.toMatchObject({
          code: "STORE_CURSOR",
        });
      }
      await expect(listRecords(asked, { limit: 0 })).rejects.toMatchObject({ code: "STORE_PARAM" });
      await expect(listRecords(asked, { limit: 1_001 })).rejects.toMatchObject({
        code: "STORE_PARAM",
      });
    });

    test("a class of a ledger comes in leaf order", async () => {
      const approvals = await all(classRange(asked, "approval", ledger, 0, 1_000));
      expect(approvals.map((one) => one.leaf)).toEqual([5, 10, 11]);
      expect(
        (await all(classRange(asked, "approval", ledger, 6, 11))).map((one) => one.leaf),
      ).toEqual([10]);
    });

    test("the latest policies are the newest approved version and what was proposed after it", async () => {
      expect((await latestPolicies(asked)).map((one) => one.record.id)).toEqual(
        [52, 53, 54].map(id),
      );
      expect((await latestPolicies(asked, "roles")).length).toBe(0);
      expect((await policyRecords(asked, "egress")).map((one) => one.record.id)).toEqual(
        [50, 51, 52, 53, 54].map(id),
      );
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

    test("counts by class are of one tenant and one window", async () => {
      expect(await countsByClass(asked, { to: at(day, 5) })).toEqual({
        session: 1,
        turn: 1,
        inference: 2,
        decision: 1,
        approval: 1,
      });
    });

    test("what strayed is counted by agent and release from our own records alone, the worst first, with when", async () => {
      const batch = { dir: join(dir, "strays"), rx, ledger: "custody.example/strayed/1" };
      const file = writeBatch({ ...batch, from: 0, tenant: "strayed", records: strays });
      expect(await store.writer.insert(file, { repair: false })).toEqual({ outcome: "stored" });
      const strayed = { ...asked, tenant: "strayed" };
      const codex = { agent: "codex", version: "0.170.0" };
      const first = { ...codex, kind: "unknown_event", name: "codex.tool_outcome", count: 5 };
      const { rows, ...rest } = await driftCounts(strayed, {});
      expect(rows).toEqual([
        { ...first, firstAt: at(day, 1), lastAt: at(day, 30) },
        {
          ...codex,
          kind: "version_unseen",
          name: null,
          count: 9,
          firstAt: at(day, 1),
          lastAt: at(day, 1),
        },
        {
          agent: hostile,
          version: null,
          kind: "unclaimed",
          name: hostile,
          count: 1,
          firstAt: at(day, 30),
          lastAt: at(day, 30),
        },
      ]);
      expect(rest).toEqual({ total: 15, cut: false });
      expect(await driftCounts(strayed, { limit: 1 })).toMatchObject({ rows: [first], total: 15 });
      expect(await driftCounts(strayed, { from: at(day, 2), limit: 1 })).toMatchObject({
        rows: [{ count: 3 }],
        total: 4,
      });
      expect(await driftCounts(strayed, { of: codex })).toMatchObject({
        rows: [first, {}],
        total: 14,
      });
      const nameless = { agent: hostile, version: null };
      expect(await driftCounts(strayed, { of: nameless })).toMatchObject({ total: 1 });
      expect(await driftCounts(asked, {})).toEqual({ rows: [], total: 0, cut: false });
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

    test("an id that ends in zeros is found like any other: the record, its content, its link, its place in a list", async () => {
      const tenant = "zeros";
      const numbers = [0x0100, 0x010000, 0xff00];
      const records = numbers.flatMap((number) => {
        const one = { session: "s-1", call: `c${number}`, ts: at(day, 1) };
        const call = { tool: "Bash", kind: "exec", arguments_state: "reported" };
        return [
          {
            id: id(number),
            class: "egress",
            ts: at(day, 1),
            body: {
              host: "a.example",
              port: 443,
              protocol: "https",
              action: "allowed",
              via: "proxy",
            },
            content: { path: `/${number}` },
          },
          {
            id: id(number + 1),
            class: "link",
            ...one,
            src: {
              id: "custody",
              epoch: "e1",
              auth: { method: "internal", kind: "internal", subject: "custody" },
            },
            body: {
              kind: "egress_call",
              record: id(number),
              method: "x",
              confidence: "high",
              basis: 1,
            },
          },
          { id: id(number + 0x01000000), class: "decision", ...one, body: call },
          { id: id(number + 0x02000000), class: "decision", ...one, body: call },
        ];
      });
      const ledger = "custody.example/zeros/1";
      const file = writeBatch({ dir: join(dir, tenant), rx, ledger, tenant, from: 0, records });
      expect(await store.writer.insert(file, { repair: false })).toEqual({ outcome: "stored" });
      const own = { ...asked, tenant };
      const ids = numbers.map(id).sort();
      const found = await recordsById(own, ids);
      expect(found.map(({ record }) => record.id).sort()).toEqual(ids);
      expect((await contentOf(own, ids)).map((content) => content.id).sort()).toEqual(ids);
      const listed: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof listActions>> = await listActions(own, {
          limit: 1,
          ...(cursor === null ? {} : { cursor }),
        });
        listed.push(...page.items.map(({ call }) => call));
        for (const item of page.items) {
          expect(item.records.some(({ record }) => record.class === "egress")).toBe(true);
        }
        cursor = page.next;
      } while (cursor !== null);
      expect(listed.sort()).toEqual(numbers.map((number) => `c${number}`).sort());
    });

    test("a call told under two agents' keys is listed as contested, from whichever of them it came first", async () => {
      const tenant = "contested";
      const told = (number: number, call: string, subject: string, kind = "agent") => ({
        id: id(300 + number),
        class: "decision",
        session: "s-1",
        call,
        ts: at(day, number),
        src: { id: subject, epoch: "e1", auth: { method: "bearer", kind, subject } },
        body: { tool: "Bash", kind: "exec", arguments_state: "unknown" },
      });
      const records = [
        told(1, "c1", "laptop-1"),
        told(2, "c2", "laptop-1"),
        told(3, "c3", "proxy-1", "observer"),
        told(4, "c2", "laptop-2"),
        told(5, "c3", "laptop-1"),
      ];
      for (const [from, record] of records.entries()) {
        const ledger = "custody.example/contested/1";
        const file = writeBatch({
          dir: join(dir, tenant),
          rx,
          ledger,
          tenant,
          from,
          records: [record],
        });
        expect(await store.writer.insert(file, { repair: false })).toEqual({ outcome: "stored" });
      }
      const { items } = await listActions({ ...asked, tenant }, { contested: true });
      expect(items.map(({ call }) => call)).toEqual(["c2"]);
    });
  });
}

function idIn(canonical: Uint8Array): unknown {
  return (JSON.parse(Buffer.from(canonical).toString()) as { readonly id: unknown }).id;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
