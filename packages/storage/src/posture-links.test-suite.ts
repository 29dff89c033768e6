import { join } from "node:path";
import { matchOfFlow } from "@custody/context";
import type { LedgerRecord } from "@custody/model";
import { expect, test } from "vitest";
import {
  callGroups,
  flowGroups,
  listRecords,
  sessionGroups,
  worldGroups,
} from "./queries/index.ts";
import { at, id, type StoredStory, type WrittenRecord, writeBatch } from "./scenario.test-suite.ts";

const day = "2026-11-21";
const tenant = "posture-links";
const window = { from: at(day, 0), to: at(day, 3_600) };
const digest = "e".repeat(64);

const said = (kind: string, subject: string): object => ({
  src: {
    id: subject,
    epoch: "",
    auth: { method: kind === "internal" ? "internal" : "bearer", kind, subject },
  },
  ...(kind === "observer" || kind === "authority" ? { grade: "observed" } : {}),
});
const shell = { tool: "bash", kind: "exec", arguments_state: "reported" };
const ran = { ...shell, event: "result", status: "executed", primary: true };

interface WrittenLink {
  readonly kind: string;
  readonly session: string;
  readonly call?: string;
  readonly method?: string;
  readonly confidence?: string;
  readonly basis: number;
}

const link = (number: number, record: number, told: WrittenLink): WrittenRecord => {
  const { kind, session, call, method = "stated", confidence = "high", basis } = told;
  return {
    id: id(number),
    class: "link",
    ...said("internal", "custody"),
    grade: "derived",
    ts: at(day, 20),
    session,
    ...(call === undefined ? {} : { call }),
    body: { kind, record: id(record), method, confidence, basis },
  };
};

/** Every way a flow can be tied, alone and in pairs: calls found, taken back and several; sandboxes that give it a session, and one that lost its own. */
const ties: readonly WrittenLink[] = [
  { kind: "egress_call", session: "s-1", call: "c1", basis: 1 },
  { kind: "egress_call", session: "s-1", call: "c1", confidence: "low", basis: 2 },
  { kind: "egress_call", session: "s-1", method: "undecided", confidence: "low", basis: 3 },
  { kind: "egress_call", session: "s-1", method: "several_calls", confidence: "low", basis: 4 },
  { kind: "egress_call", session: "s-2", call: "c2", confidence: "medium", basis: 5 },
  { kind: "sandbox_session", session: "s-1", basis: 1 },
  { kind: "sandbox_session", session: "s-2", basis: 2 },
  {
    kind: "sandbox_session",
    session: "s-1",
    method: "undecided",
    confidence: "low",
    basis: 3,
  },
];
const places: readonly object[] = [
  {},
  { session: "s-1" },
  { session: "s-1", call: "c1" },
  { session: "s-1", call: "span:aa" },
];
const combinations: readonly (readonly WrittenLink[])[] = [
  [],
  ...ties.map((one) => [one]),
  ...ties.flatMap((one, index) => ties.slice(index + 1).map((other) => [one, other])),
];

/** Each flow goes to a host of its own, so that each is a group. */
const flows: readonly WrittenRecord[] = places.flatMap((place, first) =>
  combinations.flatMap((links, second) => {
    const number = 0x10_000 + (first * combinations.length + second) * 16;
    const flow = {
      id: id(number),
      class: "egress",
      ...said("observer", "squid"),
      ts: at(day, 20),
      body: {
        host: `f${number}.example`,
        port: 443,
        protocol: "https",
        action: "allowed",
        via: "proxy",
      },
      ...place,
    };
    return [flow, ...links.map((one, index) => link(number + index + 1, number, one))];
  }),
);

const session = (number: number, name: string, more: readonly WrittenRecord[] = []) => [
  {
    id: id(number),
    class: "decision",
    session: name,
    call: "c1",
    ts: at(day, 9),
    body: shell,
  },
  ...more,
];
const result = (number: number, name: string): WrittenRecord => ({
  id: id(number),
  class: "tool_call",
  session: name,
  call: "c1",
  ts: at(day, 10),
  body: ran,
});

/** Two sessions that ran a call each, one that was told no; a sandbox and a yes that name none of them, and the links that say whose they are. */
const heard: readonly WrittenRecord[] = [
  ...session(1, "s-1", [result(2, "s-1")]),
  ...session(3, "s-2", [result(4, "s-2")]),
  ...session(5, "s-3"),
  {
    id: id(6),
    class: "approval",
    session: "s-3",
    call: "c1",
    ts: at(day, 9),
    body: { verdict: "deny", by: "human", scope: "once", raw: "no", primary: true },
  },
  {
    id: id(7),
    class: "sandbox",
    ...said("observer", "docker"),
    ts: at(day, 1),
    body: { event: "start", sandbox: "box-1", attested_by: "runtime", config_digest: digest },
  },
  {
    id: id(8),
    class: "approval",
    ...said("authority", "usr_bob"),
    ts: at(day, 8),
    body: { verdict: "allow", by: "human", approver: "usr_bob", scope: "once", raw: "yes" },
  },
  link(9, 8, { kind: "approval_call", session: "s-1", call: "c1", basis: 1 }),
  link(10, 8, { kind: "approval_call", session: "s-2", call: "c1", method: "replay", basis: 1 }),
];

/** Written three days after what they link. */
const late: readonly WrittenRecord[] = [
  link(20, 7, { kind: "session_sandbox", session: "s-1", basis: 1 }),
  link(21, 7, { kind: "session_sandbox", session: "s-2", confidence: "low", basis: 1 }),
  link(22, 0x10_000, { kind: "egress_call", session: "s-1", call: "c1", basis: 9 }),
];

/** What links change in what posture counts. */
export function postureLinkTests(of: () => StoredStory): void {
  const asked = () => ({ ...of().asked, tenant });

  test("what links say is stored, some of it three days later", async () => {
    const { store, dir } = of();
    const batch = { dir: join(dir, tenant), ledger: "l-links", tenant };
    const all = [...heard, ...flows];
    for (const file of [
      writeBatch({ ...batch, from: 0, rx: at(day, 100), records: all }),
      writeBatch({ ...batch, from: all.length, rx: at("2026-11-24", 0), records: late }),
    ]) {
      expect(await store.writer.insert(file, { repair: false })).toEqual({ outcome: "stored" });
    }
  });

  test("a flow is tied as well as the join of its records says, in every combination of links", async () => {
    const { groups, cut } = await flowGroups(asked(), { ...window, edges: [] });
    const read = async (recordClass: "egress" | "link") => {
      const items = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await listRecords(asked(), {
          class: recordClass,
          limit: 1_000,
          ...(cursor === undefined ? {} : { cursor }),
        });
        items.push(...page.items);
        cursor = page.next;
      }
      return items;
    };
    const links = await read("link");
    const expected = (await read("egress")).map(({ record }) => {
      const own = links.filter(
        (one) => (one.record as LedgerRecord<"link">).body.record === record.id,
      );
      return [record.id, matchOfFlow(record as LedgerRecord<"egress">, own)];
    });
    expect(cut).toBe(false);
    expect(expected.length).toBe(places.length * combinations.length);
    expect(groups.map(({ examples: [flow = ""], tied }) => [flow, tied]).sort()).toEqual(
      expected.sort(),
    );
  });

  test("a link counts for the window of its flow, however late it was made", async () => {
    const { groups } = await flowGroups(asked(), { ...window, edges: [] });
    const first = groups.find(({ examples }) => examples.includes(id(0x10_000)));
    expect(first).toMatchObject({ tied: "explained", told: true });
  });

  test("a sandbox that no session names is of the sessions that links say had it, unless a header is all that says so", async () => {
    const quietSince = window.from;
    const { groups } = await sessionGroups(asked(), { ...window, quietSince, bypass: [] });
    const digests = groups.flatMap(({ examples, digests: told }) =>
      examples.map((name) => [name, told]),
    );
    expect(digests.sort()).toEqual([
      ["s-1", [digest]],
      ["s-2", []],
      ["s-3", []],
    ]);
    expect(await worldGroups(asked(), window)).toMatchObject([
      { what: "sandbox", tied: true, count: 1, examples: ["box-1"] },
    ]);
  });

  test("a yes that names no call counts for the call that a link shows it on, and not where it was used up", async () => {
    const { groups } = await callGroups(asked(), { ...window, edges: [] });
    const told = groups.flatMap(({ examples, tool, allows, refused }) =>
      examples.map((name) => [name, tool, allows, refused]),
    );
    expect(told.sort()).toEqual([
      ["s-1/c1", "bash", ["human/once/observed/other"], false],
      ["s-2/c1", "bash", [], false],
      // A verdict names no tool: what was decided does.
      ["s-3/c1", "bash", [], true],
    ]);
  });
}
