import { expect, test } from "vitest";
import type { Alert } from "./alert.ts";
import { syslogMessage } from "./syslog.ts";

const alert: Alert = {
  tenant: "acme",
  finding: "f".repeat(32),
  rule: "D-NET-01",
  rule_version: "1",
  title: "Egress to a host that is not allow-listed",
  case: "allowed",
  severity: "critical",
  session: null,
  call: null,
  at: "2026-11-23T07:28:00.123456789Z",
  found_at: "2026-11-23T07:28:01.000000000Z",
  path: "/v1/findings/x",
};
const sent = { witness: "9:abc=", now: "2026-11-23T07:28:02.123456789Z" };

test("a message has the priority of its severity, six digits of a second, and what it is about as data", () => {
  expect(syslogMessage(alert, sent)).toBe(
    `<106>1 2026-11-23T07:28:02.123456Z - custody - finding [finding@32473 id="${alert.finding}" rule="D-NET-01" version="1" case="allowed" severity="critical" tenant="acme" at="2026-11-23T07:28:00.123456789Z" witness="9:abc="] D-NET-01 allowed critical`,
  );
});

test("what an agent called its session ends no value, starts no line and brings no control character", () => {
  const session = 'a"] <0>1 forged\n<0>1 \u0007é\\';
  const message = syslogMessage({ ...alert, session }, sent);
  expect(message).toContain('session="a\\"\\] <0>1 forged?<0>1 ??\\\\"');
  expect(message).toMatch(/^[\x20-\x7e]+$/);
});
