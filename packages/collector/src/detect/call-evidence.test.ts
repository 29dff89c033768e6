import type { Body, PlacedRecord } from "@custody/model";
import { expect, test } from "vitest";
import {
  at,
  authorityAuth,
  internalAuth,
  observerAuth,
  placed,
} from "../../../../test/support/placed-record.ts";
import { callEvidence } from "./call-evidence.ts";
import { writtenFiles } from "./written-files.ts";

const nothing = { argumentsOf: new Map(), files: writtenFiles([], new Map()) };
const withheld = { arguments_state: "withheld" } as const;

function told(body: Partial<Body<"tool_call">>): PlacedRecord {
  return placed(
    "tool_call",
    10,
    {
      event: "result",
      tool: "Bash",
      kind: "exec",
      status: "executed",
      primary: true,
      ...body,
    } as Body<"tool_call">,
    { call: "c1" },
  );
}

const flow = placed(
  "egress",
  11,
  { host: "a.example", port: 443, protocol: "https", action: "allowed", via: "proxy" },
  { auth: observerAuth, call: "c1" },
);

function unreadOf(...group: readonly PlacedRecord[]): boolean {
  return callEvidence("c1", group, nothing, []).unread === true;
}

test("a call is unread where no account sent its arguments, and it keeps the tier of one that may have done anything", () => {
  expect(unreadOf(told(withheld))).toBe(true);
  expect(callEvidence("c1", [told(withheld)], nothing, []).tier).toBe(2);
});

test("a call is not unread where one account sent them, where its kind decides, or where a flow shows what it did", () => {
  const read = told({ arguments_state: "reported", risk: ["read_only"], classifier: "risk/1" });
  expect(unreadOf(told(withheld), read)).toBe(false);
  expect(unreadOf(told({ ...withheld, kind: "fs" }))).toBe(false);
  expect(unreadOf(told({ ...withheld, kind: "net" }))).toBe(false);
  expect(unreadOf(told(withheld), flow)).toBe(false);
});

test("arguments that were sent and hide what would run are no withheld ones", () => {
  const hiding = told({ arguments_state: "reported", risk: ["unknown"], classifier: "risk/1" });
  expect(unreadOf(hiding)).toBe(false);
});

/** The flow to a host under an allow-list of one host that anybody may reach and one that is the agent's own. */
const policies = (() => {
  const version = {
    kind: "egress",
    name: "default",
    version: 1,
    digest: "d",
    author: "usr_ann",
  } as const;
  const allow = { id: "a", host: "listed.example", ports: [443] };
  const own = { id: "o", host: "model.example", ports: [443], purpose: "agent" };
  const document = { default: "deny", rules: [allow, own] };
  const ann = { ...authorityAuth, subject: "usr_ann" };
  const rx = at(1);
  return [
    placed("policy", 1, { event: "proposed", document, ...version }, { auth: ann, rx }),
    placed("policy", 1, { event: "approved", ...version }, { auth: authorityAuth, rx }),
  ];
})();

function unreadWithFlow(
  host: string,
  confidence: Body<"link">["confidence"],
  inForce: readonly PlacedRecord[] = policies,
): boolean {
  const to = { host, port: 443, protocol: "https", action: "allowed", via: "proxy" } as const;
  const seen = placed("egress", 11, to, { auth: observerAuth });
  const link = placed(
    "link",
    11,
    { kind: "egress_call", record: seen.record.id, method: "x", confidence, basis: 2 },
    { auth: internalAuth, call: "c1" },
  );
  return callEvidence("c1", [told(withheld), seen, link], nothing, inForce).unread === true;
}

test("a flow says of an unread call what it is where it is explained and goes where nobody listed", () => {
  expect(unreadWithFlow("a.example", "high")).toBe(false);
  expect(unreadWithFlow("a.example", "medium")).toBe(false);
  expect(unreadWithFlow("a.example", "medium", [])).toBe(false);
});

test("a flow says nothing of an unread call where only the time ties it, where its host is listed, or where it is the agent's own", () => {
  expect(unreadWithFlow("a.example", "low")).toBe(true);
  expect(unreadWithFlow("a.example", "low", [])).toBe(true);
  expect(unreadWithFlow("listed.example", "high")).toBe(true);
  expect(unreadWithFlow("model.example", "high")).toBe(true);
});
