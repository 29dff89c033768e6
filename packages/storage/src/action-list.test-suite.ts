import { createHash } from "node:crypto";
import { join } from "node:path";
import { actionIdText } from "@custody/model";
import { expect, test } from "vitest";
import {
  actionKeyOf,
  actionRecords,
  contentOf,
  listActions,
  recordsById,
} from "./queries/index.ts";
import { at, hostile, id, type StoredStory, writeBatch } from "./scenario.test-suite.ts";
import { day, rx } from "./story.test-suite.ts";

/** Actions of the stored story: listed, found by their ids, and with everything that belongs to them. */
export function actionListTests(of: () => StoredStory): void {
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
    const { items } = await listActions(of().asked, filter);
    expect(
      items.map((one) => (one.session === "s-1" ? one.call : `${one.call}@${one.session}`)),
    ).toEqual(expected);
  });

  test("a search finds the same once the index of its day is built", async () => {
    await of().store.indexDay(rx.slice(0, 10));
    const calls = async (q: string) =>
      (await listActions(of().asked, { q })).items.map((one) => one.call);
    expect(await calls("zanzibar")).toEqual(["c1"]);
    expect(await calls("ljubljana 7")).toEqual(["c1"]);
    expect(await calls("zanzibar nowhere")).toEqual([]);
    await expect(of().store.indexDay("2026-01-01' OR")).rejects.toMatchObject({
      code: "STORE_PARAM",
    });
  });

  test("no action stands on two pages, and none is left out", async () => {
    const calls: string[] = [];
    let pages = 0;
    for (let cursor: string | undefined; ; pages++) {
      const page = await listActions(of().asked, {
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
    const [c1, c3] = await actionRecords(of().asked, [
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
    expect(await actionKeyOf(of().asked, action)).toEqual(key);
    expect(await actionKeyOf({ ...of().asked, tenant: "other" }, action)).toBeUndefined();
  });

  test("an unknown action has no records", async () => {
    const [none] = await actionRecords(of().asked, [{ session: "s-1", call: hostile }]);
    expect(none?.records).toEqual([]);
  });

  test("an action comes with the yeses for more than once of its session where they are asked for, and with no others", async () => {
    const tenant = "yeses";
    const said = (number: number, session: string, scope: string, verdict = "allow") => ({
      id: id(number),
      class: "approval",
      session,
      call: `c${number}`,
      ts: at(day, number),
      body: { verdict, by: "human", scope },
    });
    const records = [
      said(1, "s-1", "session"),
      said(2, "s-1", "once"),
      said(3, "s-1", "standing", "deny"),
      said(4, "s-2", "session"),
      said(5, "s-1", "standing", "modified"),
    ];
    const ledger = "custody.example/yeses/1";
    const file = writeBatch({ dir: join(of().dir, tenant), rx, ledger, tenant, from: 0, records });
    expect(await of().store.writer.insert(file, { repair: false })).toEqual({ outcome: "stored" });
    const keys = ["s-1", "s-2"].map((session) => ({ session, call: "c2" }));
    const [own, other] = await actionRecords({ ...of().asked, tenant }, keys, { yeses: true });
    expect(own?.records.map(({ record }) => record.id)).toEqual([id(2)]);
    expect(own?.yeses?.map(({ record }) => record.id)).toEqual([1, 5].map(id));
    expect(own?.sessionLevel).toEqual([]);
    expect(other?.yeses?.map(({ record }) => record.id)).toEqual([id(4)]);
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
    const file = writeBatch({ dir: join(of().dir, tenant), rx, ledger, tenant, from: 0, records });
    expect(await of().store.writer.insert(file, { repair: false })).toEqual({ outcome: "stored" });
    const own = { ...of().asked, tenant };
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
        dir: join(of().dir, tenant),
        rx,
        ledger,
        tenant,
        from,
        records: [record],
      });
      expect(await of().store.writer.insert(file, { repair: false })).toEqual({
        outcome: "stored",
      });
    }
    const { items } = await listActions({ ...of().asked, tenant }, { contested: true });
    expect(items.map(({ call }) => call)).toEqual(["c2"]);
  });

  test("an action is listed by what links give it, before flows and violations that no link gives anything", async () => {
    const tenant = "given";
    const told = (number: number, recordClass: string, subject: string, body: object) => ({
      id: id(0x400 + number),
      class: recordClass,
      ts: at(day, number),
      src: { id: subject, epoch: "e1", auth: { method: "bearer", kind: subject, subject } },
      ...(subject === "agent" ? {} : { grade: "observed" }),
      body,
    });
    const flow = {
      host: "a.example",
      port: 443,
      protocol: "https",
      action: "denied",
      via: "proxy",
    };
    const violation = { event: "violation", sandbox: "box", attested_by: "runtime" };
    const no = { verdict: "deny", by: "human", scope: "once", raw: "no", action_digest: "d" };
    const call = { tool: "Bash", kind: "exec", arguments_state: "unknown" };
    const kinds = [
      ["egress_call", told(1, "egress", "observer", flow)],
      ["sandbox_call", told(2, "sandbox", "observer", violation)],
      ["approval_call", told(3, "approval", "authority", no)],
    ] as const;
    const records = kinds.flatMap(([kind, target], index) => {
      const place = { session: "s-1", call: `c${index}` };
      const link = { record: target.id, method: "stated", confidence: "high", basis: 1 };
      const links = kind === "sandbox_call" ? [kind, "session_sandbox"] : [kind];
      return [
        target,
        { ...told(10 + index, "decision", "agent", call), ...place },
        ...links.map((one, offset) => ({
          ...told(20 + index * 2 + offset, "link", "internal", { kind: one, ...link }),
          session: place.session,
          ...(one === kind ? { call: place.call } : {}),
          ts: target.ts,
        })),
      ];
    });
    const loose = [
      told(40, "egress", "observer", flow),
      told(41, "sandbox", "observer", violation),
    ];
    const ledger = "custody.example/given/1";
    const all = [...records, ...loose];
    const file = writeBatch({
      dir: join(of().dir, tenant),
      rx,
      ledger,
      tenant,
      from: 0,
      records: all,
    });
    expect(await of().store.writer.insert(file, { repair: false })).toEqual({ outcome: "stored" });
    const calls = async (filter: Parameters<typeof listActions>[1]) =>
      (await listActions({ ...of().asked, tenant }, filter)).items.map((one) => one.call).sort();
    expect(await calls({ status: "blocked" })).toEqual(["c0", "c1"]);
    expect(await calls({ status: "denied" })).toEqual(["c2"]);
    expect(await calls({ egress_action: "denied", limit: 1 })).toEqual(["c0"]);
    expect(await calls({ egress_host: "a.example", limit: 1 })).toEqual(["c0"]);
  });
}
