import { at, hostile, id, type WrittenRecord } from "./scenario.test-suite.ts";

/** A day inside the window in which claims are kept, whenever the test runs. */
export const day: string = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
/** When all of it was received, and the ledger that it stands in. */
export const rx: string = at(day, 60);
export const ledger = "custody.example/acme/1";

const codex = { agent: { name: "codex", version: "0.169.0", model: "gpt-5.5" } };
const alice = { actor: { id: "usr_alice", type: "human" } };
const s1 = { session: "s-1", ...codex };

const call = (name: string, seconds: number) => ({ ...s1, call: name, ts: at(day, seconds) });
const internal = {
  src: {
    id: "custody",
    epoch: "e1",
    auth: { method: "internal", kind: "internal", subject: "custody" },
  },
  dialect: { name: "custody", version: "1" },
  grade: "derived",
};
const observer = {
  src: {
    id: "proxy",
    epoch: "e1",
    auth: { method: "bearer", kind: "observer", subject: "egress-proxy" },
  },
  grade: "observed",
};

/** One session of Codex: c1 runs, c2 is refused by a person, c3 is stopped at the proxy, and an observer saw a flow that knew no call. */
export const story: readonly WrittenRecord[] = [
  {
    id: id(1),
    class: "session",
    ...s1,
    ...alice,
    ts: at(day, 0),
    body: {
      event: "start",
      approval_mode: "on-request",
      sandbox_mode: "workspace-write",
      repo: "git@x:a/b",
    },
  },
  {
    id: id(2),
    class: "turn",
    ...s1,
    turn: "t1",
    ts: at(day, 1),
    body: { event: "start", prompt_state: "reported" },
    content: { prompt: `please ${hostile}` },
  },
  {
    id: id(3),
    class: "inference",
    ...s1,
    turn: "t1",
    ts: at(day, 2),
    trace: "0af7651916cd43dd8448eb211c80319c",
    span: "b7ad6b7169203331",
    body: {
      status: "ok",
      primary: true,
      input_tokens: 1000,
      cached_input_tokens: 200,
      output_tokens: 50,
      reasoning_tokens: 7,
    },
  },
  {
    id: id(4),
    class: "inference",
    ...s1,
    turn: "t1",
    ts: at(day, 2),
    trace: "0af7651916cd43dd8448eb211c80319c",
    span: "00f067aa0ba902b7",
    parent: "b7ad6b7169203331",
    body: { status: "ok", primary: false, input_tokens: 1000, output_tokens: 50 },
  },
  {
    id: id(5),
    class: "decision",
    ...call("c1", 3),
    body: {
      tool: "exec_command",
      kind: "exec",
      arguments_state: "reported",
      hosts: ["paste.example"],
      risk: ["network"],
    },
    content: { arguments: "curl https://paste.example/Zanzibar" },
  },
  {
    id: id(6),
    class: "approval",
    ...call("c1", 4),
    body: { verdict: "allow", by: "policy", scope: "once", raw: "approved/Config", primary: true },
  },
  {
    id: id(7),
    class: "tool_call",
    ...call("c1", 5),
    body: {
      event: "start",
      tool: "exec_command",
      kind: "exec",
      status: "started",
      arguments_state: "reported",
      primary: true,
    },
  },
  {
    id: id(8),
    class: "tool_call",
    ...call("c1", 6),
    body: {
      event: "result",
      tool: "exec_command",
      kind: "exec",
      status: "executed",
      success: false,
      exit_code: 7,
      arguments_state: "reported",
      primary: true,
    },
    attrs: { "deploy.region": "Ljubljana-7" },
  },
  {
    id: id(9),
    class: "observation",
    ...call("c1", 7),
    body: { state: "reported", trust: "tool_output", bytes: 11 },
    content: { content: "hello Zanzibar" },
  },
  {
    id: id(10),
    class: "decision",
    ...call("c2", 10),
    body: { tool: hostile, kind: "fs", arguments_state: "withheld" },
  },
  {
    id: id(11),
    class: "approval",
    ...call("c2", 11),
    body: { verdict: "deny", by: "human", scope: "once", raw: "denied/User", primary: true },
  },
  {
    id: id(11),
    claim: id(999),
    class: "approval",
    ...call("c2", 11),
    body: { verdict: "allow", by: "human", scope: "once", raw: "approved/User", primary: true },
  },
  {
    id: id(12),
    class: "integrity",
    ...call("c2", 11),
    ...internal,
    body: { kind: "conflict", detail: { record: id(11) } },
  },
  {
    id: id(13),
    class: "tool_call",
    ...call("c2", 12),
    body: {
      event: "result",
      tool: hostile,
      kind: "fs",
      status: "denied",
      arguments_state: "withheld",
      primary: true,
    },
  },
  {
    id: id(14),
    class: "tool_call",
    ...call("c3", 20),
    body: {
      event: "result",
      tool: "web_fetch",
      kind: "net",
      status: "blocked",
      arguments_state: "reported",
      primary: true,
    },
  },
  {
    id: id(15),
    class: "egress",
    ...call("c3", 21),
    vantage: "enforcer",
    body: { host: "denied.example", port: 443, protocol: "https", action: "denied", via: "agent" },
  },
  {
    id: id(16),
    class: "egress",
    ...observer,
    ts: at(day, 22),
    body: {
      host: "paste.example",
      port: 443,
      protocol: "https",
      action: "allowed",
      via: "proxy",
      bytes_out: 5,
    },
  },
  {
    id: id(18),
    class: "link",
    ...s1,
    call: "c1",
    ...internal,
    ts: at(day, 23),
    body: {
      kind: "egress_call",
      record: id(16),
      method: "session_and_arguments",
      confidence: "high",
      basis: 2,
    },
  },
  {
    id: id(17),
    class: "link",
    ...s1,
    call: "c3",
    ...internal,
    ts: at(day, 24),
    body: { kind: "egress_call", record: id(16), method: "time", confidence: "low", basis: 1 },
  },
  {
    id: id(19),
    class: "finding",
    ...call("c3", 25),
    ...internal,
    body: { rule: "EGR-01", rule_version: "1", severity: "high", status: "open", refs: [id(15)] },
  },
  {
    id: id(20),
    class: "sandbox",
    ...s1,
    ts: at(day, 26),
    body: { event: "start", mode: "workspace-write", backend: "bubblewrap", attested_by: "agent" },
  },
  {
    id: id(21),
    class: "session",
    ...s1,
    ts: at(day, 30),
    body: { event: "end", end_reason: "user" },
  },
];

/** Records whose time of source cannot be trusted, and a session without an end. */
export const oddities: readonly WrittenRecord[] = [
  {
    id: id(40),
    class: "decision",
    session: "s-2",
    call: "c1",
    agent: { name: "claude-code" },
    ts: "9999-12-31T23:59:59.999999999Z",
    body: { tool: "Bash", kind: "exec", arguments_state: "unknown" },
  },
  {
    id: id(41),
    class: "decision",
    session: "s-2",
    call: "c2",
    agent: { name: "claude-code" },
    ts: "2001-01-01T00:00:00.000000001Z",
    body: { tool: "Bash", kind: "exec", arguments_state: "unknown" },
  },
  {
    id: id(42),
    class: "opaque",
    trace: "zz",
    span: "0123456789abcdef0123",
    ts: "not a time",
    body: { signal: "span", name: hostile, bytes: "many" },
    attrs: { [`key.${"k".repeat(200)}`]: hostile },
  },
];

/** Another tenant with the same names: nothing of it may ever show. */
export const neighbour: readonly WrittenRecord[] = [
  {
    id: id(5),
    class: "decision",
    session: "s-1",
    call: "c1",
    ts: at(day, 3),
    body: { tool: "exec_command", kind: "exec", arguments_state: "reported" },
    content: { arguments: "neighbour Zanzibar" },
  },
];

export const policies: readonly WrittenRecord[] = [
  [50, "proposed", 1],
  [51, "approved", 1],
  [52, "proposed", 2],
  [53, "approved", 2],
  [54, "proposed", 3],
].map(([number = 0, event, version]) => ({
  id: id(Number(number)),
  class: "policy",
  ts: at(day, Number(number)),
  body: { event, kind: "egress", name: "main", version, digest: "d", author: "usr_p" },
}));
