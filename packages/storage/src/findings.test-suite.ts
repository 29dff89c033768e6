import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findingStates } from "@custody/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Asked,
  alertsTold,
  argumentsOf,
  findingRecords,
  findingsOfDay,
  findingsWritten,
  type HeardRecords,
  heardOfSessions,
  lastRun,
  listFindings,
  recordsOfDay,
  rulesFired,
  sessionsHeard,
  sizeOfDay,
} from "./queries/index.ts";
import { at, hostile, id, type WrittenRecord, writeBatch } from "./scenario.test-suite.ts";
import type { Store } from "./store.ts";

const day = "2026-11-21";
const tenant = "found";
const start = "2026-11-21T00:00:00.000000000Z";
const whole = { from: start, to: "2026-11-22T00:00:00.000000000Z" };

const said = (kind: string, subject: string): object => ({
  src: {
    id: subject,
    epoch: "e1",
    auth: { method: kind === "internal" ? "internal" : "bearer", kind, subject },
  },
});
const call = { tool: "bash", kind: "exec", arguments_state: "reported" };

function finding(
  number: number,
  second: number,
  body: Readonly<Record<string, unknown>>,
  over: object = {},
): WrittenRecord {
  const whole = { rule: "D-NET-01", rule_version: "1", severity: "high", status: "open" };
  return {
    id: id(number),
    class: "finding",
    session: "s-1",
    ts: at(day, second),
    ...said("internal", "custody"),
    body: { ...whole, refs: [id(1)], ...body },
    ...over,
  };
}

function ran(number: number, job: string): WrittenRecord {
  const body = { kind: "run", detail: { job } };
  return {
    id: id(number),
    class: "integrity",
    ts: at(day, 9),
    ...said("internal", "custody"),
    body,
  };
}

const [f1, f2, f3] = [id(0xf1), id(0xf2), id(0xf3)];

/** Three findings: one that a person closed, one that its rule took back, one of a day; and one whose name an agent took. */
const records: readonly WrittenRecord[] = [
  {
    id: id(1),
    class: "tool_call",
    session: "s-1",
    call: "c1",
    ts: at(day, 1),
    body: { ...call, event: "result", status: "executed", primary: true },
    content: { arguments: hostile, output: "not asked for" },
  },
  { id: id(2), class: "egress", session: "", ts: at(day, 2), body: { host: "a.example" } },
  { id: id(3), class: "egress", session: "s-1", ts: at(day, 2), body: { host: "a.example" } },
  {
    id: id(4),
    class: "link",
    session: "s-1",
    call: "c1",
    ts: at(day, 2),
    ...said("internal", "custody"),
    body: { kind: "egress_call", record: id(2), method: "m", confidence: "low", basis: 2 },
  },
  finding(10, 5, { finding: f1, basis: 3 }),
  finding(11, 6, { finding: f1, basis: 5, refs: [id(1), id(2)] }),
  finding(
    12,
    90,
    { finding: f1, status: "closed", refs: [id(1), id(2)] },
    said("authority", "ann"),
  ),
  finding(13, 7, { finding: f2, basis: 3, severity: "low", rule: "D-APR-02" }),
  finding(14, 7, { finding: f2, basis: 4, severity: "low", rule: "D-APR-02", status: "withdrawn" }),
  finding(15, 8, { finding: f3, basis: 1 }, { session: "", attrs: { day } }),
  finding(16, 9, { finding: f3, status: "closed", basis: 99 }, said("agent", "laptop")),
  {
    id: id(20),
    class: "integrity",
    ts: at(day, 9),
    ...said("internal", "custody"),
    body: { kind: "alert", detail: { finding: f1, target: "soc", outcome: "delivered" } },
  },
  { id: id(21), class: "integrity", ts: at(day, 9), body: { kind: "alert", detail: {} } },
  ran(22, "replay"),
  ran(23, "replay"),
  ran(24, "detect"),
];

/** What the job, the list and the rule health ask of the store. */
export function findingsContract(name: string, open: (dir: string) => Promise<Store>): void {
  describe(`${name}: findings`, () => {
    const dir = mkdtempSync(join(tmpdir(), "custody-store-"));
    let store: Store;
    let asked: Asked;
    beforeAll(async () => {
      store = await open(join(dir, "store"));
      await store.migrate();
      const batch = { dir: join(dir, "batches"), ledger: "custody.example/found/1", tenant };
      const rx = at(day, 100);
      const file = writeBatch({ ...batch, from: 0, rx, records });
      expect(await store.writer.insert(file, { repair: false })).toEqual({ outcome: "stored" });
      asked = { reader: store.reader, tenant };
    });
    afterAll(async () => {
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    });
    const heardOf = async (session: string): Promise<HeardRecords> => {
      const heard = await heardOfSessions(asked, [session, "s-other", hostile], 2);
      expect(heard?.get("s-other")?.records).toEqual([]);
      return heard?.get(session) ?? { records: [], cut: true };
    };
    const stateOf = (found: readonly { readonly record: never }[] | undefined) =>
      [...findingStates(found ?? []).values()].map(({ finding: of, status }) => `${of} ${status}`);

    test("the list gives each finding once, newest first, page by page, with all that was written of it", async () => {
      const first = await listFindings(asked, { ...whole, limit: 2 });
      const second = await listFindings(asked, { ...whole, limit: 2, cursor: first.next ?? "" });
      const states = [...first.items, ...second.items].map((one) => stateOf(one as never));
      expect(states).toEqual([[`${f3} open`], [`${f2} withdrawn`], [`${f1} closed`]]);
      expect(second.next).toBeNull();
    });

    test("filters are words of the finding, and hostile ones find nothing", async () => {
      const count = async (filter: object): Promise<number> =>
        (await listFindings(asked, { ...whole, ...filter })).items.length;
      expect(await count({ rule: "D-APR-02" })).toBe(1);
      expect(await count({ session: "s-1", severity: "high" })).toBe(1);
      expect(await count({ session: hostile, rule: hostile })).toBe(0);
      expect(await count({ to: start })).toBe(0);
      expect([...(await findingRecords(asked, [hostile.slice(0, 32)])).keys()]).toEqual([]);
    });

    test("each rule says when it last fired and what is open: neither taken back nor closed by a person", async () => {
      const fired = await rulesFired(asked, whole);
      expect(fired.map(({ rule, findings, open: left }) => [rule, findings, left])).toEqual([
        ["D-APR-02", 1, 0],
        ["D-NET-01", 2, 1],
      ]);
      expect(fired[1]?.firedAt).toBe(at(day, 8));
    });

    test("what was heard of a session includes what links brought to it", async () => {
      const { records: heard, cut } = await heardOf("s-1");
      const ids = heard.map(({ record }) => record.id);
      expect(ids).toContain(id(2));
      expect(ids).toContain(id(10));
      expect(cut).toBe(false);
      expect(new Set(ids).size).toBe(ids.length);
    });

    test("sessions that are too long to be held in memory together are read alone, up to a limit", async () => {
      const long = Array.from({ length: 5_001 }, (_, number): WrittenRecord => {
        const session = number < 5_000 ? "s-long" : "s-short";
        return { id: id(number), class: "turn", session, ts: at(day, 1), body: { event: "end" } };
      });
      const batch = { dir: join(dir, "long"), ledger: "custody.example/long/1", tenant: "long" };
      const file = writeBatch({ ...batch, from: 0, rx: at(day, 100), records: long });
      expect(await store.writer.insert(file, { repair: false })).toEqual({ outcome: "stored" });
      const lone = { ...asked, tenant: "long" };
      expect(await heardOfSessions(lone, ["s-long", "s-short"], 5)).toBeUndefined();
      const [short, cut] = [
        await heardOfSessions(lone, ["s-short"], 5),
        await heardOfSessions(lone, ["s-long"], 5),
      ];
      expect(short?.get("s-short")).toMatchObject({ records: { length: 1 }, cut: false });
      expect(cut?.get("s-long")).toMatchObject({ records: { length: 5_000 }, cut: true });
    });

    test("of content only arguments are read", async () => {
      const { records: heard } = await heardOf("s-1");
      expect([...(await argumentsOf(asked, heard))]).toEqual([[id(1), hostile]]);
    });

    test("sessions heard of since a moment come in pages, the unnamed one aside", async () => {
      const page = { since: at(day, 50), after: "", limit: 10 };
      expect(await sessionsHeard(asked, page)).toEqual(["s-1"]);
      expect(await sessionsHeard(asked, { ...page, since: at(day, 200) })).toEqual([]);
    });

    test("a day has the flows without a session with their links, and what is no session's", async () => {
      const found = await recordsOfDay(asked, whole, 100);
      expect(found.map(({ record }) => record.id).sort()).toEqual(
        [2, 4, 20, 21, 22, 23, 24].map(id),
      );
      expect(await sizeOfDay(asked, whole)).toBe(7);
      const days = await findingsOfDay(asked, { day, from: start });
      expect(days.map(({ record }) => record.id)).toEqual([id(15)]);
    });

    test("what rules opened, and what we ourselves said of alerts, is found by when it was written", async () => {
      const opened = await findingsWritten(asked, at(day, 50), { limit: 10 });
      expect(opened.map(({ record }) => record.id)).toEqual([id(10), id(11), id(13), id(15)]);
      const behind = await findingsWritten(asked, at(day, 50), { after: opened[1], limit: 10 });
      expect(behind).toEqual(opened.slice(2));
      const told = await alertsTold(asked, { findings: [f1, f2, hostile], since: at(day, 50) });
      expect([...told]).toEqual([[f1, new Set(["soc"])]]);
      expect(await alertsTold(asked, { findings: [f1], since: at(day, 200) })).toEqual(new Map());
    });

    test("the last run of a job is found, whatever else ran since", async () => {
      const run = await lastRun(asked, { job: "replay", since: at(day, 50) });
      expect(run?.id).toBe(id(23));
      expect(await lastRun(asked, { job: hostile, since: at(day, 50) })).toBeUndefined();
    });
  });
}
