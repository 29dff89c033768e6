import { createHash } from "node:crypto";
import type { Body, PlacedRecord } from "@custody/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  agentAuth,
  at,
  authorityAuth,
  internalAuth,
  observerAuth,
  placed,
} from "../../../test/support/placed-record.ts";
import { assembleAction, assembleSession, groupByCall, shippedTiers } from "./index.ts";

const sha256 = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash("sha256").update(bytes).digest());

const tool = { tool: "exec_command", kind: "exec" } as const;
const looked = { hosts: ["denied.example"], risk: ["network"], classifier: "risk/1" } as const;

const start = placed("session", 0, {
  event: "start",
  approval_mode: "never",
  sandbox_mode: "workspace-write",
  can: ["prompt", "arguments", "results", "approvals", "sandbox"],
});
const turn = placed("turn", 1, { event: "start", prompt_state: "reported" });
const approve = (
  call: string,
  second: number,
  over: Partial<Body<"approval">> = {},
  options = {},
) =>
  placed(
    "approval",
    second,
    {
      verdict: "allow",
      by: "policy",
      scope: "once",
      raw: "approved/Config",
      primary: true,
      ...over,
    },
    { call, ...options },
  );
const decide = (call: string, second: number, options = {}) =>
  placed(
    "decision",
    second,
    { ...tool, ...looked, arguments_state: "reported" },
    { call, ...options },
  );
const result = (
  call: string,
  second: number,
  over: Partial<Body<"tool_call">> = {},
  options = {},
) =>
  placed(
    "tool_call",
    second,
    {
      ...tool,
      ...looked,
      event: "result",
      status: "executed",
      success: true,
      arguments_state: "reported",
      primary: true,
      duration_ms: 74,
      ...over,
    },
    { call, ...options },
  );
const observe = (call: string, second: number) =>
  placed("observation", second, { state: "reported", trust: "tool_output", bytes: 311 }, { call });
const flow = (second: number, over: Partial<Body<"egress">> = {}, options = {}) =>
  placed(
    "egress",
    second,
    {
      host: "denied.example",
      port: 80,
      protocol: "http",
      action: "denied",
      reason: "denied",
      via: "agent",
      ...over,
    },
    { vantage: "enforcer", ...options },
  );
const link = (record: string, call: string, basis: number, id?: string) =>
  placed(
    "link",
    5,
    { kind: "egress_call", record, method: "session_and_arguments", confidence: "high", basis },
    { auth: internalAuth, call, grade: "derived", ...(id ? { id } : {}) },
  );

const session = (records: readonly PlacedRecord[], now = at(10)) =>
  assembleSession(records, { session: "s1", now });
const action = (
  records: readonly PlacedRecord[],
  contents: Parameters<typeof assembleAction>[1] = [],
) =>
  assembleAction(
    records.filter(({ record }) => record.call === "c1" || record.class === "egress"),
    contents,
    {
      tenant: "acme",
      session: "s1",
      call: "c1",
      sessionLevel: records.filter(
        ({ record }) => record.call === undefined && record.class !== "egress",
      ),
      tiers: shippedTiers,
      sha256,
    },
  );

const denied = flow(3.044);
const whole: readonly PlacedRecord[] = [
  start,
  turn,
  approve("c1", 2.997),
  decide("c1", 3.072),
  result("c1", 3.072, { status: "error", success: false, exec_start: at(2.998) }),
  observe("c1", 3.072),
  denied,
  link(denied.record.id, "c1", 4),
  placed("inference", 3, {
    status: "ok",
    primary: true,
    input_tokens: 1000,
    cached_input_tokens: 200,
    output_tokens: 40,
    reasoning_tokens: 8,
  }),
  placed("inference", 3, {
    status: "ok",
    primary: false,
    purpose: "turn_total",
    input_tokens: 1000,
  }),
];

test("a session is composed as contract section 5 gives it", () => {
  expect(session(whole)).toEqual({
    id: "s1",
    agent: { name: "codex", version: "0.169.0", model: null },
    principal: "laptop-1",
    repo: null,
    started_at: at(0),
    ended_at: null,
    status: "open",
    conversation: true,
    approval_mode: "never",
    sandbox: expect.objectContaining({
      mode: "workspace-write",
      backend: null,
      grade: "reported",
      observed: null,
      disagreement: [],
      changes: [],
      violations: 0,
    }),
    counts: {
      turns: 1,
      inferences: 1,
      decisions: 1,
      approvals: 1,
      tool_calls: 1,
      denied: 0,
      blocked: 1,
      observations: 1,
      egress_allowed: 0,
      egress_denied: 1,
      egress_unexplained: 0,
      egress_weak: 0,
      commits: 0,
      findings: 0,
    },
    tokens: { input: 1000, cached_input: 200, output: 40, reasoning: 8 },
    cost_usd: null,
    changes: [],
    fidelity: {
      prompt: "reported",
      arguments: "reported",
      results: "reported",
      approvals: "reported",
      sandbox: "reported",
      egress: "reported",
      identity: "reported",
    },
  });
});

test("an action is composed as contract section 5 gives it", () => {
  const call = whole.find(({ record }) => record.class === "decision");
  const seen = whole.find(({ record }) => record.class === "observation");
  const view = action(whole, [
    {
      record: call?.record.id ?? "",
      path: "arguments",
      text: '{"cmd":"curl http://denied.example/"}',
    },
    { record: seen?.record.id ?? "", path: "content", text: "blocked" },
  ]);
  expect(view).toEqual({
    id: createHash("sha256")
      .update("custody/action-id/1\nacme\n2\ns1\nc1")
      .digest("hex")
      .slice(0, 32),
    session: "s1",
    turn: null,
    call: "c1",
    agent: "codex",
    principal: "laptop-1",
    contested: false,
    tool: "exec_command",
    kind: "exec",
    tier: 2,
    started_at: at(2.998),
    ended_at: at(3.072),
    duration_ms: 74,
    intent: { arguments: '{"cmd":"curl http://denied.example/"}', reason: null, state: "reported" },
    approvals: [
      {
        verdict: "allow",
        by: "policy",
        scope: "once",
        approver: null,
        raw: "approved/Config",
        at: at(2.997),
        latency_ms: null,
        grade: "reported",
        record: whole.find(({ record }) => record.class === "approval")?.record.id,
        match: null,
        // A rule's yes on tier 2, where the shipped policy asks for a person's.
        standing: { valid: false, why: ["not_accepted"] },
        approver_strength: "none",
        hook_managed: null,
        origin: null,
        origin_state: null,
      },
    ],
    sandbox: expect.objectContaining({
      mode: "workspace-write",
      backend: null,
      outcome: null,
      grade: "reported",
      observed: null,
      asked_outside: false,
      violations: [],
      disagreement: [],
    }),
    egress: [
      {
        host: "denied.example",
        port: 80,
        protocol: "http",
        action: "denied",
        rule: null,
        reason: "denied",
        bytes_out: null,
        at: at(3.044),
        match: { method: "session_and_arguments", confidence: "high" },
        grade: "reported",
        vantage: "enforcer",
      },
    ],
    outcome: { status: "blocked", success: false, exit_code: null, grade: "reported" },
    observation: {
      bytes: 311,
      digest: null,
      excerpt: "blocked",
      trust: "tool_output",
      state: "reported",
    },
    effects: [],
    findings: [],
    record_ids: whole
      .filter(({ record }) => record.call === "c1" || record.class === "egress")
      .map(({ record }) => record.id)
      .sort(),
  });
});

test("whatever order the records come in, and however often, the views are the same", () => {
  const records = [
    ...whole,
    approve("c1", 2.997, { verdict: "deny" }),
    result("c1", 4, {}, { auth: observerAuth }),
  ];
  const [first, second] = [session(records), action(records)];
  fc.assert(
    fc.property(
      fc.shuffledSubarray(records, { minLength: records.length }),
      fc.subarray(records),
      (shuffled, again) => {
        expect(session([...shuffled, ...again])).toEqual(first);
        expect(action([...shuffled, ...again])).toEqual(second);
      },
    ),
    { numRuns: 50 },
  );
});

const statuses: readonly (readonly [string, readonly PlacedRecord[], string])[] = [
  [
    "a rejected call without result",
    [approve("c1", 2, { verdict: "deny", by: "human" })],
    "denied",
  ],
  ["an aborted approval", [approve("c1", 2, { verdict: "abort" })], "denied"],
  ["an approval that timed out", [approve("c1", 2, { verdict: "timeout" })], "timeout"],
  [
    "a deny at the very time of an allow",
    [approve("c1", 2), approve("c1", 2, { verdict: "deny" })],
    "denied",
  ],
  [
    "an allow after a deny, and no result",
    [approve("c1", 2, { verdict: "deny" }), approve("c1", 3)],
    "unknown",
  ],
  [
    "an allowed call that never ended",
    [approve("c1", 2), result("c1", 2, { event: "start", status: "started" })],
    "unknown",
  ],
  ["a command that exits non-zero", [result("c1", 2, { exit_code: 1, success: true })], "executed"],
  [
    "a command that ran although it was denied",
    [approve("c1", 1, { verdict: "deny" }), result("c1", 2)],
    "executed",
  ],
  ["a failure", [result("c1", 2, { status: "error", success: false })], "error"],
  [
    "a failure whose flow was denied",
    [result("c1", 2, { status: "error" }), flow(2, {}, { call: "c1" })],
    "blocked",
  ],
  [
    "a success one of whose flows was denied",
    [result("c1", 2), flow(2, {}, { call: "c1" })],
    "executed",
  ],
  [
    "a failure that the sandbox denied",
    [
      result("c1", 2, { status: "error" }),
      placed(
        "sandbox",
        2,
        { event: "outcome", outcome: "denied", attested_by: "agent" },
        { call: "c1" },
      ),
    ],
    "blocked",
  ],
  [
    "a failure that was refused",
    [approve("c1", 1, { verdict: "deny" }), result("c1", 2, { status: "error" })],
    "denied",
  ],
  [
    "a result that only a span tells",
    [result("c1", 2, { primary: false, status: "executed" })],
    "executed",
  ],
  [
    "a primary result against a later span",
    [result("c1", 2, { status: "timeout" }), result("c1", 3, { primary: false })],
    "timeout",
  ],
];

test.each(statuses)("%s has its status", (_name, records, status) => {
  expect(action(records).outcome.status).toBe(status);
});

test("the counts of a session agree with the statuses of its actions", () => {
  const records = [
    start,
    approve("c1", 1, { verdict: "deny" }),
    result("c2", 2, { status: "blocked" }),
    result("c3", 2),
    result("c3", 2, { primary: false }),
    approve("c3", 1),
    approve("c3", 1.5),
    approve("c3", 1.6, { by: "human" }),
    approve("c3", 1.7, { primary: false, by: "unknown" }),
  ];
  expect(session(records)?.counts).toMatchObject({
    tool_calls: 2,
    approvals: 3,
    denied: 1,
    blocked: 1,
  });
});

test("an observed approval stands beside the agent's account of it", () => {
  const observed = approve(
    "c1",
    2,
    { by: "human", approver: "usr_bob", raw: "console/allow" },
    { auth: authorityAuth },
  );
  const views = action([
    approve("c1", 2.5, { by: "human", raw: "approved/User" }),
    observed,
  ]).approvals;
  expect(views).toMatchObject([
    { grade: "observed", approver: "usr_bob" },
    { grade: "reported", approver: null },
  ]);
});

test("what a runtime attests of the sandbox stands above what the agent says", () => {
  const attested = placed(
    "sandbox",
    0.5,
    { event: "start", mode: "read-only", backend: "firecracker", attested_by: "runtime" },
    { auth: observerAuth },
  );
  expect(session([start, attested, turn])?.sandbox).toMatchObject({
    mode: "read-only",
    backend: "firecracker",
    grade: "observed",
  });
});

test("an action told under two agents' keys, or with a conflict, is contested", () => {
  const other = result("c1", 2, {}, { auth: { ...agentAuth, subject: "laptop-2" } });
  expect(action([result("c1", 2), other]).contested).toBe(true);
  expect(action([result("c1", 2), flow(2, {}, { auth: observerAuth, call: "c1" })]).contested).toBe(
    false,
  );
  const conflict = placed(
    "integrity",
    3,
    { kind: "conflict", detail: {} },
    { auth: internalAuth, call: "c1" },
  );
  expect(action([result("c1", 2), conflict]).contested).toBe(true);
});

test("of two links the one with the larger basis counts, then the one with the smaller id", () => {
  const weak = link(denied.record.id, "c2", 3);
  const strong = link(denied.record.id, "c1", 4);
  const tied = link(denied.record.id, "c3", 4, "0".repeat(32));
  const owner = (records: readonly PlacedRecord[]) =>
    [...groupByCall([denied, ...records], "s1")].flatMap(([call, group]) =>
      group.includes(denied) ? [call] : [],
    );
  expect(owner([weak])).toEqual(["c2"]);
  expect(owner([weak, strong])).toEqual(["c1"]);
  expect(owner([strong, tied, weak])).toEqual(["c3"]);
});

test("what an observer saw leave is counted as unexplained unless a call explains it, and apart where time alone does", () => {
  const seen = [3.1, 3.2, 3.3, 3.4].map((second) =>
    flow(second, { via: "proxy" }, { auth: observerAuth }),
  );
  const [sure, weak] = seen.map(({ record }) => record.id);
  const to = (record: string | undefined, confidence: Body<"link">["confidence"]) => {
    const body = { kind: "egress_call", record: record ?? "", method: "x", confidence, basis: 1 };
    return placed("link", 4, body as Body<"link">, { auth: internalAuth, call: "c1" });
  };
  const counts = session([start, denied, ...seen, to(sure, "high"), to(weak, "low")])?.counts;
  expect(counts).toMatchObject({ egress_unexplained: 2, egress_weak: 1 });
});

test("a flow that the agent's proxy and an observer both saw is counted once", () => {
  const seen = flow(3.05, { via: "proxy" }, { auth: observerAuth });
  const elsewhere = flow(3.06, { via: "proxy", host: "other.example" }, { auth: observerAuth });
  expect(session([start, denied, seen, elsewhere])?.counts.egress_denied).toBe(2);
});

test("what was withheld or lost shows in the fidelity, and what the source can never say is unknown", () => {
  const withheld = result("c1", 2, { arguments_state: "withheld" });
  const fidelity = session([
    placed(
      "session",
      0,
      { event: "start", can: ["arguments", "approvals"] },
      { auth: { ...agentAuth, kind: "none" } },
    ),
    placed("turn", 1, { event: "start", prompt_state: "withheld" }),
    withheld,
    result("c2", 3),
  ])?.fidelity;
  expect(fidelity).toEqual({
    prompt: "withheld",
    arguments: "withheld",
    results: "unknown",
    approvals: "missing",
    sandbox: "unknown",
    egress: "unknown",
    // The key that the calls came under names somebody.
    identity: "reported",
  });
});

test("a session is open, ended where it says so, and unclean after long silence", () => {
  const end = placed("session", 5, { event: "end" });
  const again = placed("session", 6, { event: "start" });
  expect(session([start, turn], at(1_000))?.status).toBe("open");
  expect(session([start, turn], at(3_000))?.status).toBe("unclean");
  expect(session([start, turn, end], at(3_000))).toMatchObject({
    status: "ended",
    ended_at: at(5),
  });
  expect(session([start, turn, end, again], at(10))).toMatchObject({
    status: "open",
    ended_at: null,
  });
});

test("an agent that only reported that it started has no conversation yet", () => {
  expect(session([start])).toMatchObject({ conversation: false });
  expect(session([start, turn])).toMatchObject({ conversation: true });
  // A source of decisions alone tells no turns, and still somebody talked.
  expect(session([start, decide("c1", 2)])).toMatchObject({ conversation: true });
});

test("a result that does not name its tool leaves the name to the decision it carried out", () => {
  const nameless = result("c1", 3, { tool: "unknown", kind: "other", primary: false });
  expect(action([decide("c1", 2), nameless])).toMatchObject({
    tool: "exec_command",
    kind: "exec",
    outcome: { status: "executed" },
  });
  expect(action([nameless])).toMatchObject({ tool: "unknown", kind: "other" });
});

test("records of another session do not enter", () => {
  expect(
    session([placed("turn", 1, { event: "start", prompt_state: "reported" }, { session: "s2" })]),
  ).toBeUndefined();
});

test("files and packages that an executed call named are its effects, as reported; a denied one has none", () => {
  const call = result("c1", 2, { tool: "shell", risk: [] });
  const text = {
    record: call.record.id,
    path: "arguments",
    text: '{"cmd":"npm install left-pad@1.3.0 --save"}',
  };
  const reached = flow(
    2,
    { action: "allowed", host: "registry.npmjs.org" },
    { call: "c1", auth: observerAuth },
  );
  expect(action([call, reached], [text]).effects).toEqual([
    { kind: "host", target: "registry.npmjs.org", grade: "observed" },
    { kind: "package", target: "npm:left-pad@1.3.0", version: "1.3.0", grade: "reported" },
  ]);
  const refused = result("c1", 2, { status: "denied" });
  expect(action([refused], [{ ...text, record: refused.record.id }]).effects).toEqual([]);
});
