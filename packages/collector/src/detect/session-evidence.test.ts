import { joinApprovals } from "@custody/context";
import type { Body, PlacedRecord } from "@custody/model";
import { expect, test } from "vitest";
import { linkRecord } from "../../../../test/support/link-record.ts";
import {
  agentAuth,
  at,
  authorityAuth,
  observerAuth,
  placed,
} from "../../../../test/support/placed-record.ts";
import { sessionEvidence } from "./session-evidence.ts";

/** A policy proposed by one person and approved by another, heard in `second`. */
function policy(
  kind: Body<"policy">["kind"],
  second: number,
  document: Readonly<Record<string, unknown>>,
): readonly PlacedRecord[] {
  const version = { kind, name: "default", version: second, digest: "d", author: "usr_ann" };
  const over = { rx: at(second) };
  const ann = { ...authorityAuth, subject: "usr_ann" };
  return [
    placed("policy", second, { event: "proposed", document, ...version }, { auth: ann, ...over }),
    placed("policy", second, { event: "approved", ...version }, { auth: authorityAuth, ...over }),
  ];
}

function call(name: string, second: number, body: Partial<Body<"tool_call">> = {}): PlacedRecord {
  const said = {
    event: "result",
    tool: "bash",
    kind: "exec",
    status: "executed",
    arguments_state: "reported",
    primary: true,
    risk: ["network"],
    classifier: "risk/1",
    ...body,
  } as const;
  return placed("tool_call", second, said, { call: name });
}

function flow(second: number, over: { readonly session?: string } = {}): PlacedRecord {
  const body = { host: "files.example", port: 443, protocol: "https", via: "proxy" } as const;
  return placed("egress", second, { ...body, action: "allowed" }, { auth: observerAuth, ...over });
}

function evidenceOf(records: readonly PlacedRecord[], policies: readonly PlacedRecord[] = []) {
  return sessionEvidence({ session: "s1", records, policies, argumentsOf: new Map() });
}

const allowList = {
  default: "deny",
  rules: [{ id: "files", host: "files.example", ports: [443] }],
};

test("each flow gets the answer of the allow-list that was in force when it was seen, and none where there was none", () => {
  const policies = [
    ...policy("egress", 20, { default: "deny", rules: [] }),
    ...policy("egress", 40, allowList),
  ];
  const { evidence } = evidenceOf([flow(10), flow(30), flow(50)], policies);
  expect(evidence.flows.map(({ listed }) => listed)).toEqual([undefined, false, true]);
});

test("each call has the tier that the table in force when it began gives it", () => {
  const tiers = { rules: [{ label: "risk:network", tier: 3 }], default: 0 };
  const { evidence } = evidenceOf([call("c1", 10), call("c2", 50)], policy("tiers", 30, tiers));
  expect(evidence.calls.map(({ call: name, tier }) => [name, tier])).toEqual([
    ["c1", 2],
    ["c2", 3],
  ]);
});

test("a waiver is for its principal alone, from when it was heard until it expires, and for the rule that asks what its control asks", () => {
  const waiver = { control: "AT-APR-03", reason: "pilot", expires: at(90) };
  const waivers = [
    { ...waiver, principal: "laptop-1" },
    { ...waiver, principal: "laptop-2" },
    { ...waiver, principal: "laptop-1", repo: "another" },
  ];
  const start = placed("session", 10, { event: "start" }, { auth: agentAuth });
  const { evidence } = evidenceOf([start], policy("waivers", 30, { waivers }));
  expect(evidence.policy.waivers).toEqual([
    { rule: "AT-APR-03", from: at(30), to: at(90) },
    { rule: "D-APR-01", from: at(30), to: at(90) },
  ]);
});

test("a sandbox configuration is approved if it was whenever it was told, and without a policy there is no list", () => {
  const [one, other] = ["1".repeat(64), "2".repeat(64)];
  const told = [10, 50].flatMap((second) =>
    [one, other].map((config_digest) =>
      placed("sandbox", second, { event: "start", attested_by: "runtime", config_digest }),
    ),
  );
  const profiles = [{ name: "p", config_digest: one }];
  expect(evidenceOf(told).evidence.policy.sandboxDigests).toBeUndefined();
  const { evidence } = evidenceOf(told, policy("sandbox", 30, { profiles }));
  expect(evidence.policy.sandboxDigests).toEqual([one]);
});

test("arguments that nobody here may open leave a call unread, and are counted", () => {
  const sealed = call("c1", 10);
  const told = { ...sealed, record: { ...sealed.record, sd: { arguments: "digest" } } };
  const { evidence, unread } = evidenceOf([told]);
  expect(evidence.calls[0]).not.toHaveProperty("programs");
  expect(unread).toBe(1);
  const opened = new Map([[told.record.id, '{"command":"curl https://files.example"}']]);
  const read = sessionEvidence({
    session: "s1",
    records: [told],
    policies: [],
    argumentsOf: opened,
  });
  expect(read.evidence.calls[0]?.programs?.map(({ program }) => program)).toEqual(["curl"]);
  expect(read.unread).toBe(0);
});

test("what is installed is held against the list of approved packages, with or without a version", () => {
  const components = [
    { kind: "package", name: "npm:left-pad" },
    { kind: "package", name: "npm:@acme/ui", version: "2.0.0" },
  ];
  const listed = (command: string): boolean | undefined => {
    const one = call("c1", 50);
    const { evidence } = sessionEvidence({
      session: "s1",
      records: [one],
      policies: policy("components", 30, { components }),
      argumentsOf: new Map([[one.record.id, JSON.stringify({ command })]]),
    });
    return evidence.calls[0]?.packagesListed;
  };
  expect(listed("npm install left-pad@1.3.0")).toBe(true);
  expect(listed("npm install @acme/ui@2.0.0")).toBe(true);
  expect(listed("npm install @acme/ui@3.0.0")).toBe(false);
  expect(listed("npm install evil")).toBe(false);
  expect(listed("ls")).toBeUndefined();
});

test("what it rests on is every statement that was read and every policy heard, and never our own findings", () => {
  const elsewhere = flow(10, { session: "s2" });
  const finding = placed("finding", 5, {
    rule: "D-NET-01",
    rule_version: "1",
    severity: "low",
    status: "open",
    refs: [],
  });
  const records = [flow(10), flow(10), elsewhere, finding];
  const { evidence, basis } = evidenceOf(records, policy("egress", 1, allowList));
  expect(evidence.records).toHaveLength(2);
  expect(basis).toBe(4);
});

test("a verdict that names no call is of the calls that links show it on, used up on all but the first", () => {
  const digest = "d1".repeat(32);
  const { record: said, ...place } = placed(
    "approval",
    1,
    {
      verdict: "allow",
      by: "human",
      scope: "once",
      raw: "chat",
      primary: true,
      action_digest: digest,
    },
    { auth: authorityAuth },
  );
  const { session: _, ...sessionless } = said;
  const yes: PlacedRecord = { ...place, record: sessionless };
  const run = { action_digest: digest, exec_start: at(10) };
  const records = [yes, call("c1", 11, run), call("c2", 21, { ...run, exec_start: at(20) })];
  const links = joinApprovals({ records }).map(linkRecord);
  const { evidence } = evidenceOf([...records, ...links]);
  expect(evidence.records.map(({ record }) => record.id)).toContain(yes.record.id);
  const told = evidence.calls.map((one) => [
    one.call,
    one.records.includes(yes.record.id),
    one.replayed,
  ]);
  expect(told).toEqual([
    ["c1", true, undefined],
    ["c2", true, [yes.record.id]],
  ]);
});
