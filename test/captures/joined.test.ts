import { hash } from "node:crypto";
import { assembleAction, groupByCall, joinCalls, shippedTiers } from "@custody/context";
import type { ActionView, ApprovalCode, ApprovalView, PlacedRecord } from "@custody/model";
import { expect, test } from "vitest";
import { capturedRecords } from "../context/captured-records.ts";
import { linkRecord } from "../support/link-record.ts";
import { type CapturedAgent, capturedAgents, capturedScenarios } from "./captured-agents.ts";

// What real agents' captures say of their approvals, joined: who reviewed, which hook refused, and how each yes stands for what ran.

function actionsOf(agent: CapturedAgent, scenario: string): readonly ActionView[] {
  const told = capturedRecords(agent, scenario);
  const ids = [...new Set(told.flatMap(({ record }) => record.session ?? []))];
  return ids.flatMap((session) => {
    const own = told.filter(({ record }) => record.session === session);
    const sessionLevel = own.filter(({ record }) => record.call === undefined);
    const links = joinCalls({ session, records: own }).map(linkRecord);
    return [...groupByCall([...own, ...links], session)].map(([call, group]) =>
      assembled(session, call, group, sessionLevel),
    );
  });
}

function assembled(
  session: string,
  call: string,
  group: readonly PlacedRecord[],
  sessionLevel: readonly PlacedRecord[],
): ActionView {
  return assembleAction(group, [], {
    tenant: "acme",
    session,
    call,
    sessionLevel,
    tiers: shippedTiers,
    approvals: { grants: group },
    sha256: (bytes) => hash("sha256", bytes, "buffer"),
  });
}

const approvalsOf = (agent: CapturedAgent, scenario: string): readonly ApprovalView[] =>
  actionsOf(agent, scenario).flatMap(({ approvals }) => approvals);

test("a reviewer's verdicts are on their actions, the agent's word, and never a person's", () => {
  for (const scenario of ["approve-for-me-guardian", "guardian-full-content"]) {
    const [allowed, refused, ...others] = actionsOf("codex", scenario);
    expect(others, scenario).toEqual([]);
    expect(allowed).toMatchObject({
      call: "call_0002fake",
      outcome: { status: "executed", grade: "reported" },
      approvals: [
        {
          verdict: "allow",
          by: "auto_reviewer",
          approver: null,
          approver_strength: "none",
          grade: "reported",
          standing: { valid: false, why: ["model_approver", "not_accepted"] },
        },
      ],
    });
    expect(refused).toMatchObject({
      call: "call_0007fake",
      outcome: { status: "denied", grade: "reported" },
      approvals: [{ verdict: "deny", by: "auto_reviewer", grade: "reported", standing: null }],
    });
  }
});

test("a hook's refusal is on its action; whether an administrator put the hook there no source says", () => {
  const verdicts = approvalsOf("claude-code", "deny-rules-and-hooks");
  const ofHook = verdicts.filter(({ by }) => by === "hook");
  expect(ofHook).toMatchObject([
    { verdict: "deny", grade: "reported", hook_managed: "unknown", approver_strength: "none" },
  ]);
  const rest = verdicts.filter(({ by }) => by !== "hook");
  expect(new Set(rest.map(({ hook_managed: managed }) => managed))).toEqual(new Set([null]));
});

test("Codex exports no verdict of a hook: the call that one blocked is unknown, and none is made up", () => {
  const actions = actionsOf("codex", "hooks-block");
  const told = actions.map(({ call, outcome, approvals }) => [
    call,
    outcome.status,
    outcome.grade,
    approvals.map(({ verdict, by }) => `${verdict} by ${by}`),
  ]);
  expect(told).toEqual([
    ["call_0002fake", "executed", "reported", ["allow by policy"]],
    ["call_0005fake", "unknown", "inferred", []],
  ]);
});

test("a second try outside of the sandbox is another call, with a person's yes of its own", () => {
  const [stopped, again, ...others] = actionsOf("codex", "appserver-sandbox-retry");
  expect(others).toEqual([]);
  expect(stopped).toMatchObject({
    sandbox: { outcome: "denied", grade: "reported" },
    approvals: [{ verdict: "allow", by: "policy" }],
  });
  expect(again).toMatchObject({
    approvals: [{ verdict: "allow", by: "human", standing: { valid: true, why: ["unnamed"] } }],
  });
});

test("a yes for the session that a person gave is its own origin", () => {
  const lasting = approvalsOf("codex", "appserver-approvals").filter(
    ({ scope }) => scope === "session",
  );
  expect(lasting.length).toBe(2);
  for (const { origin, origin_state: state, record } of lasting) {
    expect([state, origin?.record, origin?.by]).toEqual(["own", record, "human"]);
  }
});

/** What says that a yes was dated, used or told otherwise than it can have been. */
const accusing: ReadonlySet<ApprovalCode> = new Set([
  "replayed",
  "mutated",
  "expired",
  "late",
  "backdated",
  "heard_after_execution",
  "contested",
  "self_approved",
]);

test.each(capturedAgents)("no yes of an honest %s is taken for a forged one", (agent) => {
  for (const scenario of capturedScenarios(agent)) {
    const codes = approvalsOf(agent, scenario).flatMap(({ standing }) => standing?.why ?? []);
    expect(
      codes.filter((code) => accusing.has(code)),
      scenario,
    ).toEqual([]);
  }
});
