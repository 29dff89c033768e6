import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postureLinkTests } from "./posture-links.test-suite.ts";
import {
  type Asked,
  approvalFacts,
  callGroups,
  dropRows,
  flowGroups,
  groundFacts,
  ledgerRows,
  numberedEvents,
  numberedSources,
  numberedSuspects,
  seenElsewhere,
  sessionGroups,
  sourceRows,
  sourcesThatSaid,
  spokeIn,
  worldGroups,
} from "./queries/index.ts";
import { at, hostile, id, type WrittenRecord, writeBatch } from "./scenario.test-suite.ts";
import type { Store } from "./store.ts";

const day = "2026-11-21";
const tenant = "posture";
const window = { from: at(day, 0), to: at(day, 3_600) };
const trace = "312b03f692afa213c5124ccd7d8f4654";
const digest = "d".repeat(64);

const said = (kind: string, subject: string, more: object = {}): object => ({
  src: {
    id: subject,
    epoch: "",
    auth: { method: kind === "internal" ? "internal" : "bearer", kind, subject },
    ...more,
  },
});
const one = { session: "s-1", agent: { name: "claude-code", version: "2.1" } };
const two = { session: "s-2", agent: { name: "codex", version: "0.169" } };
const laptop = said("agent", "laptop-1");
const other = said("agent", "laptop-2");
const shell = { tool: "bash", kind: "exec", arguments_state: "reported", classifier: "risk/1" };
const ran = { ...shell, event: "result", status: "executed", primary: true };
const risky = { ...ran, risk: ["network"], hosts: ["api.example.com"] };
const allow = { verdict: "allow", scope: "once", raw: "yes", primary: true };

const numbered = (number: number, seq: number, second: number): WrittenRecord => ({
  id: id(number),
  class: "turn",
  ...one,
  ...said("agent", "laptop-1", { id: "s-1", seq }),
  ts: at(day, second),
  body: { event: "start", prompt_state: "withheld" },
});

const link = (
  number: number,
  kind: string,
  record: number,
  place: object,
  body: object,
): WrittenRecord => ({
  id: id(number),
  class: "link",
  ...said("internal", "custody"),
  ts: at(day, 50),
  grade: "derived",
  ...place,
  body: { kind, record: id(record), method: "stated", confidence: "high", basis: 1, ...body },
});

const flow = (number: number, host: string, more: object = {}): WrittenRecord => ({
  id: id(number),
  class: "egress",
  ...said("observer", "squid"),
  grade: "observed",
  ts: at(day, 20),
  body: { host, port: 443, protocol: "https", action: "allowed", via: "proxy", client: "laptop-9" },
  ...more,
});

/** Heard at once: two sessions, a trace that is one of them under another name, three flows and what a runtime attests. */
const heard: readonly WrittenRecord[] = [
  { id: id(1), class: "session", ...one, ...laptop, ts: at(day, 1), body: { event: "start" } },
  { id: id(2), class: "session", ...one, ...laptop, ts: at(day, 40), body: { event: "end" } },
  { id: id(3), class: "tool_call", ...one, ...laptop, call: "c1", ts: at(day, 10), body: risky },
  {
    id: id(4),
    class: "approval",
    ...one,
    ...laptop,
    call: "c1",
    ts: at(day, 9),
    body: { ...allow, by: "human", latency_ms: 700 },
  },
  {
    id: id(5),
    class: "tool_call",
    session: trace,
    trace,
    call: "span:aa",
    ...laptop,
    agent: one.agent,
    attrs: { "session.source": "trace" },
    ts: at(day, 10),
    body: risky,
  },
  link(6, "trace_session", 5, { session: "s-1", trace }, {}),
  link(7, "span_call", 5, { session: "s-1", call: "c1" }, {}),
  {
    id: id(10),
    class: "session",
    ...two,
    ...other,
    ts: at(day, 2),
    body: { event: "start", approval_mode: "Never", sandbox_mode: "workspace-write" },
  },
  { id: id(11), class: "tool_call", ...two, ...other, call: "c1", ts: at(day, 12), body: ran },
  flow(20, "api.example.com", { session: "s-1" }),
  flow(21, "203.0.113.9"),
  flow(22, hostile),
  link(23, "egress_call", 20, { session: "s-1", call: "c1" }, {}),
  link(24, "egress_call", 21, { session: "s-1", call: "c1" }, { confidence: "low" }),
  link(25, "egress_call", 22, { session: "s-1", call: "c1" }, { confidence: "low" }),
  link(26, "egress_call", 22, { session: "s-1" }, { method: "undecided", basis: 2 }),
  {
    id: id(30),
    class: "sandbox",
    session: "s-1",
    ...said("observer", "docker"),
    grade: "observed",
    ts: at(day, 1),
    body: {
      event: "start",
      sandbox: "box-1",
      attested_by: "runtime",
      config_digest: digest,
      escapes_allowed: false,
    },
  },
  {
    id: id(31),
    class: "sandbox",
    ...said("observer", "docker"),
    grade: "observed",
    ts: at(day, 1),
    body: { event: "start", sandbox: "box-2", attested_by: "runtime" },
  },
  numbered(40, 0, 1),
  numbered(41, 1, 2),
  numbered(42, 3, 3),
  ...[2, 5].map((dropped, index) => ({
    id: id(50 + index),
    class: "heartbeat",
    ...laptop,
    agent: one.agent,
    ts: at(day, 30 + index),
    body: { last_seq: 9, dropped, clock_offset_ms: -1_500 },
  })),
];

/** Heard half an hour later: too late for what had run by then. */
const late: readonly WrittenRecord[] = [
  {
    id: id(60),
    class: "approval",
    ...two,
    ...other,
    call: "c1",
    ts: at(day, 11),
    body: { ...allow, by: "policy" },
  },
];

/** What posture and completeness count, on every engine. */
export function postureContract(name: string, open: (dir: string) => Promise<Store>): void {
  describe(`posture in ${name}`, () => {
    let dir = "";
    let store: Store;
    let asked: Asked;

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), "custody-posture-"));
      store = await open(join(dir, "store"));
      await store.migrate();
      const batch = { dir, ledger: "l-1", tenant };
      const files = [
        writeBatch({ ...batch, from: 0, rx: at(day, 100), records: heard }),
        writeBatch({ ...batch, from: heard.length, rx: at(day, 1_900), records: late }),
      ];
      for (const file of files) {
        expect(await store.writer.insert(file, { repair: false })).toEqual({ outcome: "stored" });
      }
      asked = { reader: store.reader, tenant };
    });
    afterAll(async () => {
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    });

    test("sessions are grouped by what is known of them; a trace that stands for one is not another", async () => {
      const quietSince = at(day, 39);
      const { groups, cut } = await sessionGroups(asked, {
        ...window,
        quietSince,
        bypass: ["never"],
      });
      expect(cut).toBe(false);
      expect(groups).toMatchObject([
        {
          agent: "claude-code",
          holder: "laptop-1",
          keyed: true,
          ending: "ended",
          bypass: false,
          digests: [digest],
          escapes: "disabled",
          reaching: true,
          watched: true,
          count: 1,
          examples: ["s-1"],
        },
        {
          agent: "codex",
          holder: "laptop-2",
          ending: "unclean",
          bypass: true,
          digests: [],
          escapes: "unsaid",
          confined: true,
          watched: false,
          examples: ["s-2"],
        },
      ]);
    });

    test("an action is counted once, and an approval that came too late does not count for it", async () => {
      const { groups } = await callGroups(asked, { ...window, edges: [at(day, 11)] });
      const told = groups.map(({ span, risk, executed, allows, count }) => [
        span,
        risk,
        executed,
        allows,
        count,
      ]);
      expect(told).toEqual([
        [0, ["network"], true, ["human/once/reported/self"], 1],
        [1, [], true, [], 1],
      ]);
    });

    test("a flow is as explained as its winning link says", async () => {
      const { groups } = await flowGroups(asked, { ...window, edges: [] });
      const told = groups.map(({ host, tied, told: live }) => [host, tied, live]);
      expect(told.sort()).toEqual(
        [
          ["203.0.113.9", "weak", true],
          ["api.example.com", "explained", true],
          [hostile, "none", true],
        ].sort(),
      );
    });

    test("what runtimes started is tied to sessions that spoke, or is not", async () => {
      const groups = await worldGroups(asked, window);
      expect(groups.map(({ what, tied, examples }) => [what, tied, examples])).toEqual([
        ["sandbox", false, ["box-2"]],
        ["sandbox", true, ["box-1"]],
      ]);
    });

    test("people's decisions, drops, sources and ledgers are counted", async () => {
      const approvals = await approvalFacts(asked, { ...window, staleBefore: window.from });
      expect(approvals).toMatchObject({
        decided: 1,
        timed: 1,
        median_ms: 700,
        hasty: 0,
        grants: 0,
      });
      expect(await dropRows(asked, window)).toEqual([
        { subject: "laptop-1", agent: "claude-code", dropped: 5 },
      ]);
      const ground = await groundFacts(asked, window);
      expect(ground).toMatchObject({ keyless: 0, proxies: 1, runtimes: 1, verifiedAt: null });
      const { rows } = await sourceRows(asked, window);
      const mine = rows.find(({ subject, agent }) => subject === "laptop-1" && agent !== "");
      expect(mine).toMatchObject({ kind: "agent", version: "2.1", numbered: 3, offsetMs: 1_500 });
      expect(await ledgerRows(asked, window)).toMatchObject([
        { origin: "l-1", leaves: heard.length + late.length, firstLeaf: 0 },
      ]);
      expect(await seenElsewhere(asked, ["laptop-9", hostile], window)).toMatchObject([
        { name: "laptop-9", things: 3 },
      ]);
    });

    test("a source with a hole in its numbers is a suspect, and its events can be read", async () => {
      const since = at(day, 0);
      const page = { since, after: "", limit: 10 };
      expect(await numberedSources(asked, page)).toEqual(["s-1"]);
      const suspects = await numberedSuspects(asked, ["s-1", hostile], since);
      expect(suspects).toMatchObject([{ subject: "laptop-1", source: "s-1", events: 3 }]);
      const events = await numberedEvents(asked, { subject: "laptop-1", sources: ["s-1"], since });
      expect(events.map(({ seq, ts }) => [seq, ts])).toEqual([
        [0, at(day, 1)],
        [1, at(day, 2)],
        [3, at(day, 3)],
      ]);
      const before = { subject: "laptop-1", numbers: [3], since, from: at(day, 0), to: at(day, 9) };
      expect(await sourcesThatSaid(asked, { ...before, source: "s-2" })).toEqual(["s-1"]);
      expect(await sourcesThatSaid(asked, { ...before, source: "s-1" })).toEqual([]);
      const spoke = { subject: "laptop-1", source: "s-1", epoch: "", from: at(day, 0) };
      expect(await spokeIn(asked, { ...spoke, to: at(day, 101) })).toBe(true);
      expect(await spokeIn(asked, { ...spoke, to: at(day, 100) })).toBe(false);
    });

    postureLinkTests(() => ({ store, asked, dir }));
  });
}
