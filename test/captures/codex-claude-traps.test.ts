import type { AnyFact, RecordClass, SignalView } from "@custody/model";
import { describe, expect, test } from "vitest";
import { capturedBodies, capturedItems, itemsOf, tell } from "./captured-items.ts";
import { foundIn } from "./found.ts";

// Where Codex and Claude Code are easily misread (agent-telemetry 1.3 to 1.6, 2.3), each on a capture of the case.

type Of<C extends RecordClass> = Extract<AnyFact, { readonly class: C }>;

function facts(agent: string, scenario: string): readonly AnyFact[] {
  return tell(capturedItems(agent, scenario)).facts.map(({ fact }) => fact);
}

function of<C extends RecordClass>(all: readonly AnyFact[], name: C): readonly Of<C>[] {
  return all.filter((fact): fact is Of<C> => fact.class === name);
}

const found = (agent: string, scenario: string) =>
  foundIn(tell(capturedItems(agent, scenario)).facts);

function events(agent: string, scenario: string, name: string): readonly SignalView[] {
  return capturedItems(agent, scenario).filter(
    (item) => item.signal === "log" && item.attributes.text("event.name") === name,
  );
}

describe("Codex", () => {
  test.each([
    ["execpolicy-rules", "blocked"],
    ["on-request-escalation-exec", "denied"],
  ])(
    "%s: a refusal that no decision tells is concluded from the result, and the call never ran",
    (scenario, status) => {
      const call = "call_0002fake";
      const decided = events("codex", scenario, "codex.tool_decision");
      expect(decided.map(({ attributes }) => attributes.text("call_id"))).not.toContain(call);
      const all = facts("codex", scenario).filter((fact) => fact.call === call);
      const [verdict, ...others] = of(all, "approval");
      expect(others).toEqual([]);
      expect(verdict).toMatchObject({ inferred: true, body: { verdict: "deny", by: "policy" } });
      const results = of(all, "tool_call").filter(({ body }) => body.primary);
      expect(results.map(({ body }) => body.status)).toEqual([status]);
      expect(results[0]?.body).not.toHaveProperty("exec_start");
    },
  );

  test("writes each completed response twice, and it is one response with its tokens once", () => {
    const written = events("codex", "tool-edit", "codex.sse_event").filter(
      ({ attributes }) => attributes.text("event.kind") === "response.completed",
    );
    expect(written.length).toBe(8);
    const counted = of(facts("codex", "tool-edit"), "inference").filter(({ body }) => body.primary);
    expect(counted.map(({ body }) => body.input_tokens)).toEqual([1000, 1100, 1200, 1300]);
  });

  test("says the usage of a turn beside that of its responses, and it is not added to them", () => {
    const totals = of(facts("codex", "tool-edit"), "inference").filter(
      ({ body }) => body.purpose === "turn_total",
    );
    expect(totals.map(({ body }) => [body.primary, body.input_tokens])).toEqual([[false, 4600]]);
    expect(found("codex", "tool-edit").tokens).toMatchObject({ input: 4600, output: 166 });
  });

  test.each([
    ["codex", "true"],
    ["codex-0.96", "false"],
  ])(
    "%s calls a command that exited with 7 a success=%s, and it was executed and exited with 7",
    (agent, success) => {
      const call = "call_0010fake";
      const [said] = events(agent, "tool-edit", "codex.tool_result").filter(
        ({ attributes }) => attributes.text("call_id") === call,
      );
      expect(said?.attributes.text("success")).toBe(success);
      const told = found(agent, "tool-edit").tool_calls.find((one) => one.call === call);
      expect(told).toMatchObject({ status: "executed", exit_code: 7 });
    },
  );

  test("gives a reviewer a conversation of its own, whose verdict is never a human's", () => {
    const { sessions, approvals } = found("codex", "approve-for-me-guardian");
    expect(sessions).toBe(2);
    expect(approvals.map(({ by }) => by)).toEqual(["auto_reviewer", "auto_reviewer"]);
  });

  test("gives a sub-agent a conversation of its own, and a message between them names its parent", () => {
    const all = facts("codex", "subagents");
    const children = of(all, "session").filter(({ body }) => body.parent_session !== undefined);
    const parent = "01a2074e-1f11-7cf2-957d-afc43a1b04a1";
    expect(new Set(children.map(({ body }) => body.parent_session))).toEqual(new Set([parent]));
    expect(children.map(({ session }) => session)).not.toContain(parent);
  });

  test("takes a conversation up again in another process, and it is one session that began twice", () => {
    const all = facts("codex", "resume-second-turn");
    const starts = of(all, "session").filter(({ body }) => body.event === "start");
    expect(starts.length).toBe(2);
    expect(new Set(starts.map(({ session }) => session)).size).toBe(1);
    expect(found("codex", "resume-second-turn")).toMatchObject({ sessions: 1, turns: 2 });
  });

  test.each(["killed-mid-turn", "interrupted-sigint"])(
    "%s: a call that was cut short began and has no end that anybody made up",
    (scenario) => {
      const calls = of(facts("codex", scenario), "tool_call").filter(
        ({ call }) => call === "call_0002fake",
      );
      expect(new Set(calls.map(({ body }) => body.event))).toContain("start");
      expect(calls.map(({ body }) => body.status)).not.toContain("executed");
    },
  );

  test("sends an identical batch again after a 503, and it says each fact once", () => {
    const bodies = capturedBodies("codex", "collector-503-long-run");
    const keys = (items: readonly SignalView[]) =>
      new Set(tell(items).facts.map(({ fact }) => JSON.stringify([fact.class, fact.key])));
    const once = keys(bodies.flatMap((body) => itemsOf(body)));
    expect(keys([...bodies, ...bodies].flatMap((body) => itemsOf(body)))).toEqual(once);
  });

  test("gives each flow of its proxy a trace of its own, so the session is the one the event names", () => {
    const all = facts("codex", "network-proxy");
    const flows = of(all, "egress");
    const traces = new Set(of(all, "tool_call").flatMap(({ trace }) => trace ?? []));
    expect(flows.length).toBe(3);
    for (const { session, trace, vantage } of flows) {
      expect(session).toBe("01a2074e-0e11-7cd0-a6b7-c26569a41cf7");
      expect(traces.has(trace ?? "")).toBe(false);
      expect(vantage).toBe("enforcer");
    }
  });

  test("calls a thread of the operating system what elsewhere is the conversation, and it is no session", () => {
    const sessions = facts("codex", "tool-edit").flatMap(({ session }) => session ?? []);
    expect(new Set(sessions).size).toBe(1);
    for (const session of sessions) expect(session).toMatch(/^[0-9a-f]{8}-/);
  });

  test.each(["codex.network_proxy.domain_policy_decision", "codex.network_proxy.block_decision"])(
    "told a flow as %s in older releases, and it says the same",
    (older) => {
      const [item] = events("codex", "network-proxy", "codex.network_proxy.policy_decision");
      const otlp = item?.json() ?? "";
      const read = (text: string) => {
        const bytes = new TextEncoder().encode(text);
        return tell(itemsOf({ signal: "logs", encoding: "json", bytes, decoded: undefined })).facts;
      };
      const renamed = otlp.replace("codex.network_proxy.policy_decision", older);
      expect(read(renamed)).toEqual(read(otlp));
      expect(read(renamed).map(({ fact }) => fact.class)).toEqual(["egress"]);
    },
  );
});

describe("Claude Code", () => {
  test("says no result of a call that was rejected, and it never ran", () => {
    const denied = ["toolu_0002fake", "toolu_0004fake"];
    const results = events("claude-code", "headless-denied", "tool_result");
    for (const { attributes } of results) {
      expect(denied).not.toContain(attributes.text("tool_use_id"));
    }
    const calls = of(facts("claude-code", "headless-denied"), "tool_call").filter(
      ({ call, body }) => denied.includes(call ?? "") && body.primary,
    );
    expect(calls.map(({ body }) => [body.event, body.status])).toEqual([
      ["result", "denied"],
      ["result", "denied"],
    ]);
    expect(
      of(facts("claude-code", "headless-denied"), "observation").map(({ call }) => call),
    ).toEqual(["toolu_0006fake"]);
  });

  test("calls a command that exited with 7 a failure: it was executed, and no exit code is made up", () => {
    const told = found("claude-code", "tool-edit").tool_calls.find(
      ({ call }) => call === "toolu_0010fake",
    );
    expect(told?.status).toBe("executed");
    expect(told?.exit_code).toBeUndefined();
  });

  test("says the usage of a response in its log and on its span, and it counts once", () => {
    const told = of(facts("claude-code", "tool-edit"), "inference").filter(
      ({ body }) => body.input_tokens !== undefined,
    );
    expect(told.filter(({ body }) => body.primary).length).toBe(6);
    expect(told.length).toBeGreaterThan(6);
    expect(found("claude-code", "tool-edit").tokens).toMatchObject({ input: 7500, output: 255 });
  });

  test("keeps a sub-agent inside the session of its parent, and its calls name it", () => {
    expect(found("claude-code", "subagent").sessions).toBe(1);
    const own = of(facts("claude-code", "subagent"), "tool_call").filter(
      ({ call, body }) => call === "toolu_0004fake" && body.primary,
    );
    expect(own.length).toBe(1);
    expect(own[0]?.body.agent_path).toMatch(/./);
  });

  test("begins a resumed session under an id of its own, and that is no second conversation", () => {
    const all = facts("claude-code", "resume-continue");
    expect(new Set(all.flatMap(({ session }) => session ?? [])).size).toBe(2);
    expect(found("claude-code", "resume-continue")).toMatchObject({ sessions: 1, turns: 2 });
  });

  test("killed while a command runs, it has begun the call and nothing says that it ended", () => {
    const calls = of(facts("claude-code", "killed-mid-turn"), "tool_call").filter(
      ({ call }) => call === "toolu_0002fake",
    );
    expect(calls.map(({ body }) => body.event)).toEqual(["start"]);
  });

  test("sends an identical batch again after a 503, and every event is counted once", () => {
    const all = tell(capturedItems("claude-code", "collector-503-retry")).facts;
    const keys = all.map(({ fact }) => JSON.stringify([fact.class, fact.key]));
    expect(keys.length).toBeGreaterThan(new Set(keys).size);
    expect(foundIn(all)).toMatchObject({ turns: 1, inferences: 6, tokens: { input: 7500 } });
  });

  test("numbers a decision before the response that asked for it, and both stand", () => {
    const numbered = (name: string) =>
      events("claude-code", "tool-edit", name).map(
        ({ attributes }) => attributes.integer("event.sequence") ?? 0,
      );
    expect(Math.min(...numbered("tool_decision"))).toBeLessThan(
      Math.max(...numbered("api_request")),
    );
    expect(found("claude-code", "tool-edit").approvals.length).toBe(5);
  });

  test("says nothing of a sandbox or of egress, and none is concluded from its settings", () => {
    const all = facts("claude-code", "sandboxed-bash");
    expect(of(all, "sandbox")).toEqual([]);
    expect(of(all, "egress")).toEqual([]);
  });
});
