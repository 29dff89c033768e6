import type { Auth, Body } from "@custody/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  at,
  credentials,
  type FixtureRecord,
  type FixtureStore,
  itemListOf,
  itemsOf,
  type Loose,
  openFixtureStore,
} from "./fixture-store.test-suite.ts";
import type { Overlay } from "./overlay.ts";
import type { Item } from "./population.ts";

type Call = Loose<Body<"tool_call">> & { ts?: string; rx?: string; call?: string; id?: string };
type Verdict = Loose<Body<"approval">> & {
  ts?: string;
  rx?: string;
  call?: string | undefined;
  id?: string;
  auth?: FixtureRecord["auth"];
  anywhere?: boolean;
};

/** An execution that began at 10:00:00 and was heard at 10:00:10, in tier 2 by its kind. */
function call(session: string, change: Call = {}): FixtureRecord {
  const { ts, rx, call: name, id, ...body } = change;
  return {
    class: "tool_call",
    ts: ts ?? at("10:00:10"),
    rx: rx ?? at("10:00:10"),
    session,
    call: name ?? "c1",
    actor: "usr_1",
    ...(id === undefined ? {} : { id }),
    body: {
      event: "result",
      tool: "shell",
      kind: "exec",
      status: "executed",
      exec_start: at("10:00:00"),
      arguments_state: "reported",
      primary: true,
      ...body,
    } as Body<"tool_call">,
  };
}

/** A person's allow at 09:59, heard at once. */
function verdict(session: string, change: Verdict = {}): FixtureRecord {
  const { ts, rx, id, auth, anywhere, ...rest } = change;
  const { call: name, ...body } = rest;
  const named = "call" in change ? name : "c1";
  return {
    class: "approval",
    ts: ts ?? at("09:59:00"),
    rx: rx ?? ts ?? at("09:59:00"),
    ...(anywhere === true ? {} : { session }),
    ...(named === undefined ? {} : { call: named }),
    ...(id === undefined ? {} : { id }),
    ...(auth === undefined
      ? {}
      : { auth, grade: auth.kind === "authority" ? "observed" : "reported" }),
    body: {
      verdict: "allow",
      by: "human",
      scope: "once",
      raw: "approved/User",
      primary: true,
      ...body,
    } as Body<"approval">,
  };
}

const digest = "d1".repeat(32);
const other = "d2".repeat(32);
/** Under the key of a person who is not the requester. */
const byBob = { auth: credentials.bob, approver: "bob" } as const;

/** One session per line: what was recorded, and the codes a person expects of its call `c1`; undefined is out of scope. */
const cases: readonly [
  says: string,
  records: (session: string) => readonly FixtureRecord[],
  codes: readonly string[] | undefined,
][] = [
  ["a person allowed it before it began", (s) => [verdict(s), call(s)], []],
  ["nobody said anything", (s) => [call(s)], ["APR01-NODEC"]],
  ["somebody only asked", (s) => [verdict(s, { verdict: "ask" }), call(s)], ["APR01-NODEC"]],
  ["the allow names another call", (s) => [verdict(s, { call: "c2" }), call(s)], ["APR01-NODEC"]],
  [
    "the execution has no start time",
    (s) => [verdict(s), call(s, { exec_start: undefined })],
    ["APR01-NOSTART"],
  ],
  [
    "the allow was heard a second after the quarter of an hour",
    (s) => [call(s), verdict(s, { ...byBob, rx: at("10:15:11") })],
    ["APR01-BACKDATED"],
  ],
  [
    "the allow was heard as the quarter of an hour ended",
    (s) => [call(s), verdict(s, { ...byBob, rx: at("10:15:10") })],
    [],
  ],
  [
    "the agent told the allow after it had told what came of the call",
    (s) => [call(s), verdict(s, { rx: at("10:00:11") })],
    ["APR01-TOLDAFTER"],
  ],
  [
    "the agent told the allow half an hour after it had told what came of the call",
    (s) => [call(s), verdict(s, { rx: at("10:30") })],
    ["APR01-BACKDATED"],
  ],
  ["the agent told both in one batch", (s) => [call(s), verdict(s, { rx: at("10:00:10") })], []],
  [
    "a span of the call was heard before the logs that tell the allow and the call",
    (s) => [
      call(s, { primary: false, rx: at("10:00:05") }),
      verdict(s, { rx: at("10:00:10") }),
      call(s),
    ],
    [],
  ],
  [
    "the call was announced before the allow was told",
    (s) => [
      call(s, { event: "start", status: "started", rx: at("09:58") }),
      verdict(s, { rx: at("10:00:10") }),
      call(s),
    ],
    [],
  ],
  [
    "a person refused it, and after it had run the agent told that the person then allowed it",
    (s) => [
      verdict(s, { verdict: "deny" }),
      call(s),
      verdict(s, { ts: at("09:59:30"), rx: at("10:00:11") }),
    ],
    ["APR01-NOTAPPROVED"],
  ],
  [
    "the agent told the allow afterwards, and a person's own key says so too",
    (s) => [call(s), verdict(s, { rx: at("10:00:11") }), verdict(s, { ...byBob, rx: at("10:05") })],
    [],
  ],
  [
    "a backdated allow stands beside one that came too late",
    (s) => [call(s), verdict(s, { rx: at("11:00") }), verdict(s, { ts: at("10:00:01") })],
    ["APR01-BACKDATED"],
  ],
  [
    "the allow came a second after the start",
    (s) => [verdict(s, { ts: at("10:00:01") }), call(s)],
    ["APR01-LATE"],
  ],
  ["the allow came at the very start", (s) => [verdict(s, { ts: at("10:00:00") }), call(s)], []],
  [
    "the allow states when it was given",
    (s) => [verdict(s, { ts: at("10:00:05"), decided_at: at("09:59:59") }), call(s)],
    [],
  ],
  [
    "the start includes the wait for the allow",
    (s) => [verdict(s, { ts: at("10:00:05") }), call(s, { wait_included: true })],
    [],
  ],
  [
    "the start of a span includes the wait for the allow, which came before its end",
    (s) => [
      verdict(s, { ts: at("10:00:05") }),
      { ...call(s, { wait_included: true, ts: at("10:00:00") }), end: at("10:00:10") },
    ],
    [],
  ],
  [
    "the start includes the wait, and the allow came after the record",
    (s) => [verdict(s, { ts: at("10:00:11") }), call(s, { wait_included: true })],
    ["APR01-LATE"],
  ],
  ["it was refused", (s) => [verdict(s, { verdict: "deny" }), call(s)], ["APR01-NOTAPPROVED"]],
  [
    "it was refused after it had been allowed",
    (s) => [verdict(s), verdict(s, { verdict: "deny", ts: at("09:59:30") }), call(s)],
    ["APR01-NOTAPPROVED"],
  ],
  [
    "it was allowed and refused at the same time",
    (s) => [verdict(s, { verdict: "deny" }), verdict(s), call(s)],
    ["APR01-NOTAPPROVED"],
  ],
  [
    "nobody answered in time",
    (s) => [verdict(s, { verdict: "timeout" }), call(s)],
    ["APR01-NOTAPPROVED"],
  ],
  [
    "it was allowed after it had been refused",
    (s) => [verdict(s, { verdict: "deny" }), verdict(s, { ts: at("09:59:30") }), call(s)],
    [],
  ],
  [
    "it was refused after it had begun",
    (s) => [verdict(s), verdict(s, { verdict: "deny", ts: at("10:00:30") }), call(s)],
    [],
  ],
  [
    "a refusal before the start was heard hours later",
    (s) => [
      verdict(s),
      call(s),
      verdict(s, { verdict: "deny", ts: at("09:59:30"), rx: at("13:00") }),
    ],
    ["APR01-NOTAPPROVED"],
  ],
  [
    "the allow had expired",
    (s) => [verdict(s, { expires: at("09:59:59") }), call(s)],
    ["APR01-EXPIRED"],
  ],
  ["the allow expired as it began", (s) => [verdict(s, { expires: at("10:00:00") }), call(s)], []],
  [
    "another action was allowed",
    (s) => [verdict(s, { action_digest: other }), call(s, { action_digest: digest })],
    ["APR01-MISMATCH"],
  ],
  [
    "this very action was allowed",
    (s) => [verdict(s, { action_digest: digest }), call(s, { action_digest: digest })],
    [],
  ],
  [
    "the allow names the call and no digest",
    (s) => [verdict(s), call(s, { action_digest: digest })],
    [],
  ],
  [
    "what was allowed was changed, and nothing says into what",
    (s) => [verdict(s, { verdict: "modified" }), call(s)],
    ["APR01-MISMATCH"],
  ],
  [
    "what was allowed was changed into this action",
    (s) => [
      verdict(s, { verdict: "modified", action_digest: digest }),
      call(s, { action_digest: digest }),
    ],
    [],
  ],
  [
    "start and result disagree about the action",
    (s) => [
      verdict(s, { action_digest: digest }),
      call(s, { event: "start", status: "started", action_digest: other }),
      call(s, { action_digest: digest }),
    ],
    ["APR01-MISMATCH"],
  ],
  ["a rule allowed it", (s) => [verdict(s, { by: "policy" }), call(s)], ["APR01-GIVER"]],
  ["a model allowed it", (s) => [verdict(s, { by: "auto_reviewer" }), call(s)], ["APR01-GIVER"]],
  ["nobody knows who allowed it", (s) => [verdict(s, { by: "unknown" }), call(s)], ["APR01-GIVER"]],
  [
    "a rule allowed it, and a person too",
    (s) => [verdict(s, { by: "policy", ts: at("09:59:30") }), verdict(s), call(s)],
    [],
  ],
  [
    "the requester allowed it",
    (s) => [
      verdict(s, { approver: "alice", requester: "alice", auth: credentials.alice }),
      call(s, { risk: ["deploy"] }),
    ],
    ["APR01-SELF"],
  ],
  [
    "the session's own principal allowed it",
    (s) => [verdict(s, { approver: "usr_1" }), call(s, { risk: ["deploy"] })],
    ["APR01-SELF"],
  ],
  [
    "another person allowed it",
    (s) => [
      verdict(s, { approver: "bob", requester: "alice", auth: credentials.bob }),
      call(s, { risk: ["deploy"] }),
    ],
    [],
  ],
  [
    "nobody knows who allowed or who asked, in tier 3",
    (s) => [verdict(s), call(s, { risk: ["deploy"] })],
    [],
  ],
  ["the requester allowed it, in tier 2", (s) => [verdict(s, { approver: "usr_1" }), call(s)], []],
  [
    "it is of tier 3 and was allowed for the whole session",
    (s) => [verdict(s, { scope: "session" }), call(s, { risk: ["deploy"] })],
    ["APR01-SCOPE"],
  ],
  [
    "it is of tier 2 and was allowed for the whole session",
    (s) => [verdict(s, { scope: "session" }), call(s)],
    [],
  ],
  [
    "its arguments were classified as harmless",
    (s) => [call(s, { risk: ["read_only"], classifier: "custody/1" })],
    undefined,
  ],
  [
    "its decision was classified, and its call was not",
    (s) => [decision(s, ["read_only"], "custody/1"), call(s)],
    undefined,
  ],
  [
    "two claims under one id disagree about the call",
    (s) => [
      verdict(s),
      call(s, { id: "c0".repeat(16) }),
      call(s, { id: "c0".repeat(16), status: "denied", exec_start: undefined }),
    ],
    ["APR01-CONTESTED"],
  ],
  [
    "two claims under one id disagree about the verdict",
    (s) => [
      verdict(s, { id: "c1".repeat(16) }),
      verdict(s, { id: "c1".repeat(16), verdict: "deny", ts: at("09:58") }),
      call(s),
    ],
    ["APR01-CONTESTED"],
  ],
  [
    "the ledger recorded a conflict about the verdict",
    (s) => [verdict(s, { id: "c2".repeat(16) }), call(s), conflict("c2".repeat(16))],
    ["APR01-CONTESTED"],
  ],
  [
    "another agent's key told a verdict on it",
    (s) => [verdict(s, { auth: credentials.otherAgent }), call(s)],
    ["APR01-CONTESTED"],
  ],
  [
    "another agent's key told a second verdict beside a refusal",
    (s) => [
      verdict(s, { verdict: "deny" }),
      verdict(s, { ts: at("09:59:30"), auth: credentials.otherAgent }),
      call(s),
    ],
    ["APR01-CONTESTED"],
  ],
  [
    "a person allowed it under a key of their own",
    (s) => [verdict(s, { auth: credentials.alice, approver: "alice" }), call(s)],
    [],
  ],
  [
    "the same delivery came twice under one id",
    (s) => [
      verdict(s, { id: "c3".repeat(16) }),
      verdict(s, { id: "c3".repeat(16), rx: at("10:01") }),
      call(s),
    ],
    [],
  ],
  [
    "it was denied before it began",
    (s) => [verdict(s, { verdict: "deny" }), call(s, { status: "denied", exec_start: undefined })],
    undefined,
  ],
  [
    "it was blocked before it began",
    (s) => [call(s, { status: "blocked", exec_start: undefined })],
    undefined,
  ],
  ["it was blocked while it ran", (s) => [call(s, { status: "blocked" })], ["APR01-NODEC"]],
  [
    "only its announcement was heard, and a refusal",
    (s) => [
      verdict(s, { verdict: "deny" }),
      call(s, { event: "start", status: "started", exec_start: undefined }),
    ],
    undefined,
  ],
  [
    "only its announcement was heard",
    (s) => [call(s, { event: "start", status: "started", exec_start: undefined })],
    ["APR01-NODEC"],
  ],
  [
    "nobody knows how it ended",
    (s) => [verdict(s), call(s, { status: "unknown", exec_start: undefined })],
    ["APR01-NOSTART"],
  ],
  ["it is of tier 1", (s) => [call(s, { kind: "fs", tool: "apply_patch" })], undefined],
  [
    "its decision shows a risk that its call does not",
    (s) => [decision(s, ["secret_access"]), call(s, { kind: "fs", tool: "read" })],
    ["APR01-NODEC"],
  ],
  [
    "it was first heard of in another period",
    (s) => [call(s, { ts: at("23:59:59", "2026-11-01"), rx: at("23:59:59", "2026-11-01") })],
    undefined,
  ],
  [
    "its source claims a time in the last century",
    (s) => [call(s, { ts: "1999-01-01T00:00:00.000000000Z" })],
    ["APR01-NODEC"],
  ],
  [
    "a grant for the session names the action",
    (s) => [
      verdict(s, { call: "c0", scope: "session", action_digest: digest }),
      call(s, { action_digest: digest }),
    ],
    [],
  ],
  [
    "a grant for one use of the action names another call",
    (s) => [verdict(s, { call: "c0", action_digest: digest }), call(s, { action_digest: digest })],
    ["APR01-NODEC"],
  ],
  [
    "a grant for the session names another action",
    (s) => [
      verdict(s, { call: "c0", scope: "session", action_digest: other }),
      call(s, { action_digest: digest }),
    ],
    ["APR01-NODEC"],
  ],
  [
    "a span copy says earlier than the log that it began",
    (s) => [verdict(s), call(s), call(s, { exec_start: at("09:58"), primary: false })],
    [],
  ],
  [
    "a source sends span copies only",
    (s) => [verdict(s, { primary: false }), call(s, { primary: false })],
    [],
  ],
  [
    "a span copy of a verdict contradicts the log",
    (s) => [
      verdict(s, { verdict: "deny" }),
      verdict(s, { primary: false, ts: at("09:59:30") }),
      call(s),
    ],
    ["APR01-NOTAPPROVED"],
  ],
  [
    "start and result are one action",
    (s) => [verdict(s), call(s, { event: "start", status: "started" }), call(s)],
    [],
  ],
];

function conflict(record: string): FixtureRecord {
  return {
    class: "integrity",
    ts: at("10:05"),
    auth: credentials.own,
    grade: "derived",
    body: { kind: "conflict", detail: { record } },
  };
}

function decision(session: string, risk: readonly string[], classifier?: string): FixtureRecord {
  return {
    class: "decision",
    ts: at("09:59"),
    session,
    call: "c1",
    body: {
      tool: "read",
      kind: "fs",
      arguments_state: "reported",
      risk,
      ...(classifier === undefined ? {} : { classifier }),
    },
  };
}

let store: FixtureStore;
beforeAll(() => {
  store = openFixtureStore();
});
afterAll(() => store.close());

const run = (
  records: readonly FixtureRecord[],
  overlay?: Overlay,
): Promise<ReadonlyMap<string, Item>> =>
  itemsOf(store, "AT-APR-01", records, overlay === undefined ? {} : { overlay });

test("every exception of AT-APR-01 is found, and no near miss is taken for one", async () => {
  const items = await run(cases.flatMap(([, records], number) => records(`s${number}`)));
  const found = cases.map(([says], number) => {
    const item = items.get(`s${number}/c1`);
    return [says, item?.inScope === true ? item.codes : undefined];
  });
  expect(found).toEqual(cases.map(([says, , codes]) => [says, codes]));
});

test("a population read in slices is the same population", async () => {
  const records = cases.flatMap(([, make], number) => make(`s${number}`));
  const whole = [...(await run(records)).values()];
  const sliced = await itemListOf(store, "AT-APR-01", records, { scope: { slices: 3 } });
  expect(sliced.map(({ item, codes }) => [item, codes])).toEqual(
    whole.map(({ item, codes }) => [item, codes]),
  );
});

/** A link of ours, by the rank of its id. */
function link(
  record: string,
  kind: Body<"link">["kind"],
  place: { readonly session: string; readonly call?: string; readonly basis?: number },
  auth: Auth = credentials.own,
): FixtureRecord {
  const { session, call: name, basis = 1 } = place;
  return {
    class: "link",
    ts: at("10:00:20"),
    session,
    ...(name === undefined ? {} : { call: name }),
    auth,
    grade: "derived",
    body: { kind, record, method: "arguments", confidence: "high", basis },
  };
}

test("a span's call that links gave to the call that the model chose is one item with it, with that call's approval", async () => {
  const id = "ab".repeat(16);
  const chosen = { session: "s1", call: "c1" };
  const records = [
    decision("s1", []),
    verdict("s1"),
    call("trace", { call: "span:x", id }),
    link(id, "trace_session", { session: "s1", call: "span:x" }),
    link(id, "span_call", chosen),
  ];
  const found = [...(await run(records)).values()].map(({ item, codes }) => [item, codes]);
  expect(found).toEqual([["s1/c1", []]]);
  const sliced = await itemListOf(store, "AT-APR-01", records, { scope: { slices: 3 } });
  expect(sliced.map(({ item, codes }) => [item, codes])).toEqual(found);
});

test("a link that a better one overrules, that was made for another session, or that is not ours moves nothing", async () => {
  const id = "cd".repeat(16);
  const chosen = { session: "s1", call: "c1" };
  const own = call("trace", { call: "span:x", id });
  const move = link(id, "trace_session", { session: "s1", call: "span:x" });
  for (const [links, item] of [
    [[link(id, "span_call", chosen)], "s1/c1"],
    [[link(id, "span_call", { ...chosen, session: "trace" })], "s1/span:x"],
    [
      [
        link(id, "span_call", chosen),
        link(id, "span_call", { ...chosen, call: "span:x", basis: 2 }),
      ],
      "s1/span:x",
    ],
    [[link(id, "span_call", chosen, credentials.agent)], "s1/span:x"],
  ] as const) {
    const items = await run([own, move, ...links]);
    expect([...items.keys()]).toEqual([item]);
  }
  // A call that its source named is not moved by any link.
  const stated = await run([
    call("s1", { id }),
    link(id, "span_call", { session: "s1", call: "c9" }),
  ]);
  expect([...stated.keys()]).toEqual(["s1/c1"]);
});

test("calls without a session or a call id are items of their own, and missing ids never compare equal", async () => {
  const { session, call: name, ...nameless } = call("s1");
  const approval = verdict("s1", { anywhere: true, call: undefined });
  const items = await run([nameless, nameless, approval]);
  expect([session, name]).toEqual(["s1", "c1"]);
  expect([...items.values()].map(({ item, codes }) => [item, codes])).toEqual([
    ["#0", ["APR01-NODEC"]],
    ["#1", ["APR01-NODEC"]],
  ]);
});

test("a grant of an authority for one use covers the first execution alone; a standing one covers all", async () => {
  const grant = { anywhere: true, call: undefined, action_digest: digest, auth: credentials.bob };
  const runs = [
    call("s1", { action_digest: digest, exec_start: at("10:00:00") }),
    call("s2", { action_digest: digest, exec_start: at("10:00:05") }),
  ];
  const once = await run([verdict("", grant), ...runs]);
  expect([once.get("s1/c1")?.codes, once.get("s2/c1")?.codes]).toEqual([[], ["APR01-NODEC"]]);
  const standing = await run([verdict("", { ...grant, scope: "standing" }), ...runs]);
  expect([standing.get("s1/c1")?.codes, standing.get("s2/c1")?.codes]).toEqual([[], []]);
  const claimed = await run([
    verdict("", { ...grant, scope: "standing", auth: credentials.agent }),
    ...runs,
  ]);
  expect(claimed.get("s1/c1")?.codes).toEqual(["APR01-NODEC"]);
});

test("whose approval is enough is the overlay's choice, by tier", async () => {
  const records = [
    verdict("s1", { by: "policy" }),
    call("s1"),
    verdict("s2", { by: "policy" }),
    call("s2", { risk: ["deploy"] }),
    verdict("s3", { approver: "usr_1" }),
    call("s3"),
  ];
  const items = await run(records, {
    schema: "custody/overlay/1",
    approvals: {
      accepted_by_t2: ["human", "policy"],
      accepted_by_t3: ["human"],
      scopes_t2: ["once"],
      scopes_t3: ["once"],
      self_tiers: [],
    },
  });
  expect(["s1/c1", "s2/c1", "s3/c1"].map((name) => items.get(name)?.codes)).toEqual([
    [],
    ["APR01-GIVER"],
    ["APR01-SELF"],
  ]);
});

test("a tiers policy counts from its approval by another person; until then, and for a self-approved one, the shipped default does", async () => {
  const policy = (name: string, approver: "alice" | "bob", ts: string): FixtureRecord[] => {
    const version = { kind: "tiers", name, version: 1, digest, author: "alice" } as const;
    const document = { rules: [{ label: "tool:shell", tier: 3 }], default: 0 };
    const records = [
      { auth: credentials.alice, body: { event: "proposed", ...version, document } },
      { auth: credentials[approver], body: { event: "approved", ...version, approver } },
    ] as const;
    return records.map((record) => ({ class: "policy", grade: "observed", ts, ...record }));
  };
  const acts = [
    call("early", { ts: at("08:00"), rx: at("08:00") }),
    call("shell"),
    call("other", { tool: "python" }),
  ];
  const tiers = async (records: readonly FixtureRecord[]): Promise<unknown> =>
    [...(await run(records)).values()].map(({ item, columns }) => [item, ...columns.slice(5, 7)]);
  expect(await tiers([...policy("strict", "bob", at("09:00")), ...acts])).toEqual([
    ["early/c1", "2", "shipped default"],
    ["shell/c1", "3", digest],
    ["other/c1", "0", digest],
  ]);
  expect(await tiers([...policy("own", "alice", at("09:00")), ...acts])).toEqual([
    ["early/c1", "2", "shipped default"],
    ["shell/c1", "2", "shipped default"],
    ["other/c1", "2", "shipped default"],
  ]);
});

test("a host on the allow-list in force makes network use a lower tier; a star is one label", async () => {
  const version = { kind: "egress", name: "default", version: 1, digest, author: "alice" } as const;
  const rules = ["pypi.org", "*.npm.example"].map((host) => ({ id: host, host, ports: [443] }));
  const policies = [
    {
      auth: credentials.alice,
      body: { event: "proposed", ...version, document: { default: "deny", rules } },
    },
    { auth: credentials.bob, body: { event: "approved", ...version, approver: "bob" } },
  ] as const;
  const fetch = (session: string, ...hosts: string[]): FixtureRecord =>
    call(session, {
      kind: "net",
      tool: "fetch",
      risk: ["network"],
      classifier: "custody/1",
      hosts,
    });
  const items = await run([
    ...policies.map(
      (record): FixtureRecord => ({
        class: "policy",
        grade: "observed",
        ts: at("08:00"),
        ...record,
      }),
    ),
    fetch("exact", "PyPI.org."),
    fetch("star", "a.npm.example"),
    fetch("deep", "a.b.npm.example"),
    fetch("bare", "npm.example"),
    fetch("mixed", "pypi.org", "evil.example"),
    fetch("none"),
  ]);
  expect([...items.values()].map(({ item, columns }) => [item, columns[5]])).toEqual([
    ["exact/c1", "1"],
    ["star/c1", "1"],
    ["deep/c1", "2"],
    ["bare/c1", "2"],
    ["mixed/c1", "2"],
    ["none/c1", "2"],
  ]);
});
