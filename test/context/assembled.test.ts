import { hash } from "node:crypto";
import { assembleAction, assembleSession, groupByCall, shippedTiers } from "@custody/context";
import type { ActionView, PlacedRecord, SessionView } from "@custody/model";
import { describe, expect, test } from "vitest";
import { type CapturedAgent, capturedScenarios } from "../captures/captured-agents.ts";
import { type CallTruth, expectedTruths, type Truth } from "../captures/truth.ts";
import { capturedRecords } from "./captured-records.ts";

const now = "2026-11-23T09:00:00.000000000Z";

interface Assembled {
  readonly sessions: readonly SessionView[];
  readonly actions: readonly ActionView[];
}

function assemble(records: readonly PlacedRecord[]): Assembled {
  const ids = [...new Set(records.flatMap(({ record }) => record.session ?? []))];
  const sessions = ids.flatMap((session) => assembleSession(records, { session, now }) ?? []);
  const actions = ids.flatMap((session) => {
    const own = records.filter(({ record }) => record.session === session);
    const sessionLevel = own.filter(({ record }) => record.call === undefined);
    return [...groupByCall(own, session)].map(([call, group]) =>
      assembleAction(group, [], {
        tenant: "acme",
        session,
        call,
        sessionLevel,
        tiers: shippedTiers,
        sha256: (bytes) => hash("sha256", bytes, "buffer"),
      }),
    );
  });
  return { sessions, actions };
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

const agents: readonly CapturedAgent[] = ["codex", "claude-code"];

describe.each(agents)("sessions and actions of %s", (agent) => {
  const truths = expectedTruths(agent);

  test.each(capturedScenarios(agent))(
    "%s: every action has the status and the approvals it had",
    (scenario) => {
      const truth = truths[scenario];
      if (truth === undefined) throw new Error("no truth");
      const { actions } = assemble(capturedRecords(agent, scenario));
      const found = new Map(actions.map((action) => [action.call, action]));
      for (const call of truth.tool_calls) expectCall(call, found.get(call.call));
      for (const { call, verdict, by } of truth.approvals) {
        if (verdict === "not exported" || by === "not exported") continue;
        const told = found.get(call)?.approvals.map((one) => `${one.verdict} by ${one.by}`);
        expect(told, `approvals of ${call}`).toContain(`${verdict} by ${by}`);
      }
    },
  );

  test.each(capturedScenarios(agent))(
    "%s: the session's counts and tokens are right",
    (scenario) => {
      const truth = truths[scenario];
      if (truth === undefined) throw new Error("no truth");
      const { sessions, actions } = assemble(capturedRecords(agent, scenario));
      expect(sum(sessions.map(({ counts }) => counts.turns)), "turns").toBe(truth.turns);
      expect(sum(sessions.map(({ counts }) => counts.inferences)), "inferences").toBe(
        truth.inferences,
      );
      expectTokens(truth, sessions);
      const calls = sum(sessions.map(({ counts }) => counts.tool_calls));
      expect(calls, "calls").toBeGreaterThanOrEqual(truth.tool_calls.filter(isExported).length);
      for (const status of ["denied", "blocked"] as const) {
        expect(sum(sessions.map(({ counts }) => counts[status])), status).toBe(
          actions.filter(({ outcome }) => outcome.status === status).length,
        );
      }
    },
  );
});

function isExported({ status }: CallTruth): boolean {
  return status !== "not exported";
}

function expectCall(truth: CallTruth, found: ActionView | undefined): void {
  if (!isExported(truth)) {
    expect(found?.outcome.status ?? "unknown", truth.call).toBe("unknown");
    return;
  }
  expect(found?.tool, truth.call).toBe(truth.tool);
  expect(found?.outcome.status, truth.call).toBe(truth.status);
  if (typeof truth.exit_code === "number") {
    expect(found?.outcome.exit_code, truth.call).toBe(truth.exit_code);
  }
}

function expectTokens(truth: Truth, sessions: readonly SessionView[]): void {
  for (const name of ["input", "cached_input", "output", "reasoning"] as const) {
    const wanted = truth.tokens[name];
    if (typeof wanted !== "number") continue;
    expect(sum(sessions.map(({ tokens }) => tokens[name])), `${name} tokens`).toBe(wanted);
  }
}

test("the flows of the network proxy capture belong to exactly the calls that made them", () => {
  const { sessions, actions } = assemble(capturedRecords("codex", "network-proxy"));
  const flows = Object.fromEntries(
    actions.map(({ call, egress }) => [
      call,
      egress.map(
        ({ host, port, action, match }) =>
          `${host}:${port} ${action} ${match.method} ${match.confidence}`,
      ),
    ]),
  );
  expect(flows).toEqual({
    call_0002fake: ["localhost:8801 allowed session_and_arguments high"],
    call_0005fake: ["denied.example:80 denied session_and_arguments high"],
    call_0008fake: ["unlisted.example:80 denied session_and_arguments high"],
  });
  // The example of contract section 5 is this session.
  expect(sessions).toMatchObject([
    {
      id: "01a2074e-0e11-7cd0-a6b7-c26569a41cf7",
      agent: { name: "codex", version: "0.169.0", model: "gpt-5.5" },
      approval_mode: "never",
      sandbox: { mode: "workspace-write", grade: "reported" },
      counts: {
        turns: 1,
        inferences: 4,
        decisions: 3,
        approvals: 3,
        tool_calls: 3,
        denied: 0,
        blocked: 2,
        observations: 3,
        egress_allowed: 1,
        egress_denied: 2,
        findings: 0,
      },
      tokens: { input: 4600, cached_input: 860, output: 166, reasoning: 32 },
      cost_usd: null,
    },
  ]);
  expect(actions.map(({ tier }) => tier)).toEqual([2, 2, 2]);
});

const tracesAlone = [
  ["claude-code", "tool-edit"],
  ["claude-code", "mcp-tools"],
  ["claude-code", "subagent"],
  ["codex", "tool-edit"],
  ["codex", "network-proxy"],
] as const;

test.each(tracesAlone)(
  "with spans alone, %s %s keeps its turns, tokens and the names of its tools",
  (agent, scenario) => {
    const truth = expectedTruths(agent)[scenario];
    if (truth === undefined) throw new Error("no truth");
    const { sessions, actions } = assemble(capturedRecords(agent, scenario, ["traces"]));
    expect(sum(sessions.map(({ counts }) => counts.turns)), "turns").toBe(truth.turns);
    expect(sum(sessions.map(({ tokens }) => tokens.input)), "input").toBe(truth.tokens["input"]);
    expect(sum(sessions.map(({ tokens }) => tokens.output)), "output").toBe(truth.tokens["output"]);
    const tools = new Map(truth.tool_calls.map(({ call, tool }) => [call, tool]));
    for (const { call, tool } of actions) expect(tool, call).toBe(tools.get(call));
  },
);
