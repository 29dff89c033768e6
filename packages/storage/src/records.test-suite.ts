import { join } from "node:path";
import { expect, test } from "vitest";
import {
  classRange,
  contentOf,
  countsByClass,
  driftCounts,
  latestPolicies,
  listRecords,
  policyRecords,
  recordById,
  recordsById,
  traceRecords,
} from "./queries/index.ts";
import {
  all,
  at,
  disclosure,
  hostile,
  id,
  type StoredStory,
  writeBatch,
} from "./scenario.test-suite.ts";
import { day, ledger, rx } from "./story.test-suite.ts";
import { strays } from "./strays.test-suite.ts";

/** Records of the stored story, asked for one by one, by trace, by class and in lists. */
export function recordTests(of: () => StoredStory): void {
  test("`at` is the source's time within a day of receipt, else the time of receipt, and marked", async () => {
    const rows = await of().store.reader.rows({
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

  test("a record is found by id, with all its copies", async () => {
    expect((await recordById(of().asked, id(8)))?.record).toMatchObject({
      class: "tool_call",
      body: { exit_code: 7 },
    });
    const copies = await recordsById(of().asked, [id(11)]);
    expect(copies.map((one) => (one.record.body as { raw: string }).raw)).toEqual([
      "denied/User",
      "approved/User",
    ]);
    expect(await recordById(of().asked, id(777))).toBeUndefined();
    expect(await recordById(of().asked, "' OR 1")).toBeUndefined();
  });

  test("content opens to the text that was committed to, and its disclosure is the one that was stored", async () => {
    const text = "curl https://paste.example/Zanzibar";
    expect(await contentOf(of().asked, [id(5)])).toEqual([
      {
        id: id(5),
        ledger,
        leaf: 4,
        path: "arguments",
        text,
        disclosure: disclosure("arguments", text).disclosure,
      },
    ]);
    const [prompt] = await contentOf(of().asked, [id(2)]);
    expect(prompt?.text).toBe(`please ${hostile}`);
    expect(prompt?.disclosure).toBe(disclosure("prompt", `please ${hostile}`).disclosure);
  });

  test("a trace is every record of its id", async () => {
    const trace = await traceRecords(of().asked, "0af7651916cd43dd8448eb211c80319c");
    expect(trace.map((one) => one.record.id)).toEqual([3, 4].map(id));
    expect(await traceRecords(of().asked, "00000000000000000000000000000001")).toEqual([]);
  });

  test("records are listed newest first by any promoted column, in pages", async () => {
    const first = await listRecords(of().asked, { class: "approval", limit: 2 });
    expect(first.items.map((one) => one.leaf)).toEqual([11, 10]);
    const rest = await listRecords(of().asked, {
      class: "approval",
      limit: 2,
      ...(first.next === null ? {} : { cursor: first.next }),
    });
    expect(rest.items.map((one) => one.record.id)).toEqual([id(6)]);
    expect(
      (await listRecords(of().asked, { subject: "egress-proxy" })).items.map(
        (one) => one.record.id,
      ),
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
      await expect(listRecords(of().asked, { cursor })).rejects.toMatchObject({
        code: "STORE_CURSOR",
      });
    }
    await expect(listRecords(of().asked, { limit: 0 })).rejects.toMatchObject({
      code: "STORE_PARAM",
    });
    await expect(listRecords(of().asked, { limit: 1_001 })).rejects.toMatchObject({
      code: "STORE_PARAM",
    });
  });

  test("a class of a ledger comes in leaf order", async () => {
    const approvals = await all(classRange(of().asked, "approval", ledger, 0, 1_000));
    expect(approvals.map((one) => one.leaf)).toEqual([5, 10, 11]);
    expect(
      (await all(classRange(of().asked, "approval", ledger, 6, 11))).map((one) => one.leaf),
    ).toEqual([10]);
  });

  test("the latest policies are the newest approved version and what was proposed after it", async () => {
    expect((await latestPolicies(of().asked)).map((one) => one.record.id)).toEqual(
      [52, 53, 54].map(id),
    );
    expect((await latestPolicies(of().asked, "roles")).length).toBe(0);
    expect((await policyRecords(of().asked, "egress")).map((one) => one.record.id)).toEqual(
      [50, 51, 52, 53, 54].map(id),
    );
  });

  test("counts by class are of one tenant and one window", async () => {
    expect(await countsByClass(of().asked, { to: at(day, 5) })).toEqual({
      session: 1,
      turn: 1,
      inference: 2,
      decision: 1,
      approval: 1,
    });
  });

  test("what strayed is counted by agent and release from our own records alone, the worst first, with when", async () => {
    const batch = { dir: join(of().dir, "strays"), rx, ledger: "custody.example/strayed/1" };
    const file = writeBatch({ ...batch, from: 0, tenant: "strayed", records: strays });
    expect(await of().store.writer.insert(file, { repair: false })).toEqual({ outcome: "stored" });
    const strayed = { ...of().asked, tenant: "strayed" };
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
    expect(await driftCounts(of().asked, {})).toEqual({ rows: [], total: 0, cut: false });
  });
}
