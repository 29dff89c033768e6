import { expect, test } from "vitest";
import { parseEgressLine } from "./egress-line.ts";
import { parseApproval, parseSandboxAttestation, parseSandboxViolation } from "./index.ts";

const line = {
  ts: "2026-11-23T08:28:06.044Z",
  session: null,
  host: "Denied.Example.",
  port: 80,
  protocol: "http",
  method: "GET",
  action: "denied",
  rule: null,
  reason: "not on the allow-list",
  bytes_out: 0,
  bytes_in: 0,
  policy_digest: "ab".repeat(32),
  client: "127.0.0.1",
};
const egress = (over: object) => parseEgressLine(JSON.stringify({ ...line, ...over }));

test("a proxy's line becomes an egress fact, with absence as absence", () => {
  expect(egress({})).toEqual({
    outcome: "ok",
    fact: {
      class: "egress",
      ts: "2026-11-23T08:28:06.044000000Z",
      body: {
        host: "denied.example",
        port: 80,
        protocol: "http",
        method: "GET",
        action: "denied",
        reason: "not on the allow-list",
        bytes_out: 0,
        bytes_in: 0,
        policy_digest: "ab".repeat(32),
        client: "127.0.0.1",
        via: "proxy",
      },
    },
  });
});

test("a line's id is its key, its session is the observer's, and a URL path is content", () => {
  expect(egress({ id: "r-1", session: "s1", path: "/secret?x=1" })).toMatchObject({
    fact: { key: ["line", "r-1"], session: "s1", content: { path: "/secret?x=1" } },
  });
});

const refused: readonly (readonly [string, string, string])[] = [
  ["", "not a JSON object", "an empty line"],
  ["{", "not a JSON object", "half a line"],
  ["[]", "not a JSON object", "a list"],
  [JSON.stringify({ ...line, verdict: "allow" }), "Unrecognized key", "an unknown member"],
  [JSON.stringify({ ...line, ts: "yesterday" }), "ts: not an RFC 3339 time", "a time that is none"],
  [JSON.stringify({ ...line, port: 70_000 }), "port:", "a port too large"],
  [JSON.stringify({ ...line, host: "a b" }), "host: not a host name", "a host that is none"],
  [JSON.stringify({ ...line, action: "allow" }), "action:", "a verdict of another vocabulary"],
  [JSON.stringify({ ...line, bytes_out: 1.5 }), "bytes_out:", "half a byte"],
  [" ".repeat(70_000), "longer than 65536 characters", "a line too long"],
];

test.each(refused.map(([text, reason, name]) => [name, text, reason]))(
  "%s is refused with a reason",
  (_name, text, reason) => {
    const verdict = parseEgressLine(text);
    expect(verdict.outcome).toBe("invalid");
    expect(verdict.outcome === "invalid" && verdict.reason).toContain(reason);
  },
);

test.each(["::1", "[::1]", "10.0.0.1", "localhost", "build-host"])("%s is a host", (host) => {
  expect(egress({ host }).outcome).toBe("ok");
});

test("an attestation of a sandbox is a fact whose key holds the event, so that stop does not replace start", () => {
  const start = parseSandboxAttestation("box-1", {
    event: "start",
    ts: line.ts,
    session: "s1",
    profile: "ci",
    config_digest: "c".repeat(64),
    escapes_allowed: false,
  });
  expect(start).toMatchObject({
    fact: {
      class: "sandbox",
      key: ["sandbox", "box-1", "start", "2026-11-23T08:28:06.044000000Z"],
      session: "s1",
      body: { event: "start", sandbox: "box-1", attested_by: "runtime", escapes_allowed: false },
    },
  });
  expect(parseSandboxAttestation("box-1", { event: "start" })).toMatchObject({
    outcome: "invalid",
  });
});

test("a violation names what was stopped", () => {
  expect(
    parseSandboxViolation("box-1", {
      ts: line.ts,
      id: "v1",
      kind: "write",
      target: "/etc/passwd",
      result: "denied",
    }),
  ).toMatchObject({
    fact: {
      key: ["violation", "box-1", "v1"],
      body: {
        event: "violation",
        violation: { kind: "write", target: "/etc/passwd", result: "denied" },
      },
    },
  });
});

const decided = { verdict: "allow", session: "s1", call: "c1", decided_at: line.ts };

test("an approval made elsewhere is a person's, and who it is never comes from the body", () => {
  expect(parseApproval({ ...decided, channel: "chat", reason: "fine" })).toEqual({
    outcome: "ok",
    fact: {
      class: "approval",
      key: ["approval", "s1", "c1", "2026-11-23T08:28:06.044000000Z", "allow"],
      ts: "2026-11-23T08:28:06.044000000Z",
      session: "s1",
      call: "c1",
      body: {
        verdict: "allow",
        by: "human",
        scope: "once",
        raw: "chat/allow",
        decided_at: "2026-11-23T08:28:06.044000000Z",
        primary: true,
      },
      content: { reason: "fine" },
    },
  });
  expect(parseApproval({ ...decided, approver: "usr_boss" })).toMatchObject({ outcome: "invalid" });
  expect(parseApproval({ ...decided, by: "human" })).toMatchObject({ outcome: "invalid" });
});

test("an approval may name its action by the tool and the arguments that were shown, which are content", () => {
  const shown = { tool: "shell", arguments: '{"cmd":"ls"}' };
  const { session: _, call: __, ...unnamed } = decided;
  const verdict = parseApproval({ ...unnamed, ...shown });
  expect(verdict).toMatchObject({
    outcome: "ok",
    fact: { body: { tool: "shell" }, content: { arguments: shown.arguments } },
  });
  expect(JSON.stringify(verdict)).not.toContain('"key"');
  const { tool: ___, ...toolless } = shown;
  expect(parseApproval({ ...decided, ...toolless })).toMatchObject({ outcome: "invalid" });
  expect(parseApproval({ ...unnamed, ...shown, action_digest: "d1".repeat(32) })).toMatchObject({
    outcome: "invalid",
  });
});

test("an approval that names no action, or a grant without an end, is refused", () => {
  expect(parseApproval({ verdict: "allow", decided_at: line.ts, session: "s1" })).toMatchObject({
    outcome: "invalid",
  });
  expect(parseApproval({ ...decided, scope: "standing" })).toMatchObject({ outcome: "invalid" });
  expect(
    parseApproval({ ...decided, scope: "standing", grant: "g1", expires: "2026-12-01T00:00:00Z" }),
  ).toMatchObject({ outcome: "ok" });
});
