import type { SignalView } from "@custody/model";
import { describe, expect, test } from "vitest";
import { capturedBodies, capturedItems, itemsOf, tell } from "./captured-items.ts";
import { foundIn } from "./found.ts";
import { factsOf, madeLog, madeSpan, saidOf, type Values } from "./made-items.ts";
import { expectedTruths, type Truth } from "./truth.ts";

const agent = "qwen-code";
const session = "190049b0-ec59-42ef-863b-3f84e71b562f";

const event = (name: string, values: Values = {}): SignalView =>
  madeLog({
    agent,
    resource: { "service.version": "0.24.4" },
    values: {
      "session.id": session,
      "event.timestamp": "2026-11-23T07:26:57.000Z",
      "event.name": name,
      ...values,
    },
  });

const span = (name: string, values: Values = {}, more: object = {}): SignalView =>
  madeSpan({ agent, name, values: { "session.id": session, ...values }, ...more });

const toolCall = (values: Values): SignalView =>
  event("qwen-code.tool_call", {
    call_id: "call_1",
    function_name: "run_shell_command",
    function_args: '{\n  "command": "ls"\n}',
    duration_ms: 250,
    status: "success",
    execution_status: "success",
    success: true,
    prompt_id: `${session}########0`,
    tool_type: "native",
    ...values,
  });

const failed = (values: Values): SignalView =>
  toolCall({ status: "error", execution_status: "error", success: false, ...values });

const refused = (values: Values): SignalView =>
  failed({ execution_status: "not_started", error_type: "execution_denied", ...values });

const rule = 'Qwen Code requires permission to use "edit", but that permission was declined.';

describe("Qwen Code's words for a verdict", () => {
  test.each([
    ["accept", "allow", "unknown"],
    ["auto_accept", "allow", "unknown"],
    ["modify", "modified", "human"],
    ["perhaps", "ask", "unknown"],
  ])("%s, as an event has it", (decision, verdict, by) => {
    const [approval, ...others] = factsOf(toolCall({ decision }), "approval");
    expect(others).toEqual([]);
    expect(approval?.body).toMatchObject({ verdict, by, raw: decision, primary: true });
  });

  test("reject is a rejection: saved permissions are not told as one, as Gemini CLI's are", () => {
    const item = toolCall({
      decision: "reject",
      status: "cancelled",
      execution_status: "not_started",
      success: false,
    });
    expect(factsOf(item, "approval")[0]?.body).toMatchObject({ verdict: "deny", by: "unknown" });
    expect(factsOf(item, "tool_call")[0]?.body.status).toBe("denied");
  });

  test.each([
    ["proceed_once", "cli", "allow", "human", "once"],
    ["proceed_always", "ide", "allow", "human", "session"],
    ["cancel", "cli", "deny", "human", "once"],
    ["aborted", "system", "abort", "unknown", "once"],
    ["auto_approved", "auto", "allow", "unknown", "once"],
    ["error", "auto", "deny", "unknown", "once"],
    ["error", "system", "abort", "unknown", "once"],
    ["perhaps", "cli", "ask", "unknown", "once"],
  ])("%s from %s, as the span of the wait has it", (decision, source, verdict, by, scope) => {
    const item = span("qwen-code.tool.blocked_on_user", {
      "tool.call_id": "call_1",
      "tool.name": "edit",
      decision,
      source,
      duration_ms: 4000,
    });
    expect(factsOf(item, "approval")[0]).toMatchObject({
      call: "call_1",
      body: { verdict, by, scope, latency_ms: 4000, raw: `${decision}/${source}`, primary: false },
    });
  });

  test.each([
    ["a rule, before any verdict", { error: rule }, "policy", undefined],
    [
      "the classifier of the mode auto",
      { error: "Blocked by auto mode policy: no" },
      "auto_reviewer",
      true,
    ],
    [
      "a hook, after a verdict that allowed it",
      { decision: "auto_accept", error: "no" },
      "hook",
      true,
    ],
  ])("a refusal by %s is denied", (_, values, by, inferred) => {
    const item = refused(values);
    const refusal = factsOf(item, "approval").at(-1);
    expect(refusal?.body).toMatchObject({ verdict: "deny", by, raw: "execution_denied" });
    expect(refusal?.inferred).toBe(inferred);
    expect(factsOf(item, "tool_call")[0]?.body.status).toBe("denied");
    expect(factsOf(item, "observation")).toEqual([]);
  });

  test.each([
    ["pre_hook_blocked", "hook"],
    ["permission_hook_denied", "hook"],
    ["permission_denied", "policy"],
    ["plan_mode_blocked", "policy"],
    ["non_interactive_denied", "policy"],
    ["background_agent_denied", "policy"],
    ["invocation_guard_denied", "policy"],
  ])("the reason %s on the span of a call is a refusal by a %s", (kind, by) => {
    const item = span("qwen-code.tool", {
      "gen_ai.tool.call.id": "call_1",
      "gen_ai.tool.name": "edit",
      "tool.failure_kind": kind,
      success: false,
    });
    expect(factsOf(item, "approval")[0]?.body).toMatchObject({ verdict: "deny", by });
    expect(factsOf(item, "tool_call")[0]?.body.status).toBe("denied");
  });
});

describe("how a call of Qwen Code went", () => {
  const report = (output: string, code: string): string =>
    `Command: x\nDirectory: (root)\nOutput: ${output}\nError: (none)\nExit Code: ${code}\nSignal: (none)\nProcess Group PGID: (none)`;
  const command = (error: string): SignalView =>
    failed({ error, error_type: "shell_execute_error" });

  test("a command that exits with 7 was executed, and exited with 7", () => {
    expect(factsOf(command(report("ok", "7")), "tool_call")[0]?.body).toMatchObject({
      status: "executed",
      success: false,
      exit_code: 7,
    });
  });

  test("the exit code that a command prints itself is not believed", () => {
    const body = factsOf(command(report("\nExit Code: 0\nSignal: (none)", "7")), "tool_call")[0]
      ?.body;
    expect(body).toMatchObject({ exit_code: 7 });
    const none = factsOf(command(report("Exit Code: 0", "(none)")), "tool_call")[0]?.body;
    expect(none).toMatchObject({ status: "error" });
    expect(none).not.toHaveProperty("exit_code");
  });

  test("a tool that a hook stopped after it had run was executed", () => {
    const item = failed({
      execution_status: "success",
      error_type: "execution_denied",
      error: "stop",
      decision: "auto_accept",
    });
    expect(factsOf(item, "tool_call")[0]?.body.status).toBe("executed");
    expect(factsOf(item, "approval").map(({ body }) => body.verdict)).toEqual(["allow"]);
  });

  test("a tool that nobody registered never ran, and was decided on by nobody", () => {
    const item = failed({ execution_status: "not_started", error_type: "tool_not_registered" });
    expect(factsOf(item, "tool_call")[0]?.body).toMatchObject({ status: "error" });
    expect(factsOf(item, "tool_call")[0]?.body).not.toHaveProperty("exec_start");
    expect(factsOf(item, "approval")).toEqual([]);
  });

  test("a call that was cancelled and of which nothing else is told is unknown", () => {
    const item = failed({ status: "cancelled", execution_status: "cancelled" });
    expect(factsOf(item, "tool_call")[0]?.body.status).toBe("unknown");
  });

  test("booleans and numbers that were sent as text say the same", () => {
    const text = factsOf(toolCall({ success: "true", duration_ms: "250" }), "tool_call")[0]?.body;
    expect(text).toEqual(factsOf(toolCall({}), "tool_call")[0]?.body);
  });

  test("a sub-agent's call is of its session, not of a turn, and names its path", () => {
    const item = toolCall({ prompt_id: `${session}#general-purpose-call_0002fake#0` });
    const [call] = factsOf(item, "tool_call");
    expect(call).toMatchObject({
      session,
      body: { agent_path: "general-purpose-call_0002fake" },
    });
    expect(call?.turn).toBeUndefined();
  });

  test("an event without its call's id is kept whole", () => {
    expect(saidOf(toolCall({ call_id: null })).dialect).toBe("opaque");
  });

  test("the execution's own span begins where execution did; the call's does not claim to", () => {
    const names = { "tool.call_id": "call_1", "gen_ai.tool.name": "edit", success: true };
    const execution = factsOf(span("qwen-code.tool.execution", names), "tool_call")[0]?.body;
    const call = factsOf(span("qwen-code.tool", names), "tool_call")[0]?.body;
    expect(execution).toMatchObject({ exec_start: "2026-11-23T07:26:57.000000000Z" });
    expect(call).not.toHaveProperty("exec_start");
  });
});

describe("a session of Qwen Code", () => {
  test.each([
    [true, "enabled"],
    [false, "none"],
  ])("says whether there is a sandbox (%s), as the agent's own word", (enabled, mode) => {
    const item = event("qwen-code.config", { sandbox_enabled: enabled, approval_mode: "plan" });
    expect(factsOf(item, "session")[0]?.body).toMatchObject({
      event: "start",
      approval_mode: "plan",
      sandbox_mode: mode,
    });
    expect(factsOf(item, "sandbox")[0]?.body).toEqual({
      event: "start",
      mode,
      attested_by: "agent",
    });
  });

  test("says nothing of a sandbox where its setup does not", () => {
    expect(factsOf(event("qwen-code.config"), "sandbox")).toEqual([]);
  });

  test("starts once: the bare event of a start is only seen; and it ends", () => {
    expect(factsOf(event("session.start"), "session")[0]?.body.event).toBe("seen");
    expect(factsOf(event("session.end"), "session")[0]?.body.event).toBe("end");
  });

  test("has the release of the agent", () => {
    expect(saidOf(event("session.start")).facts[0]?.agent).toEqual({
      name: agent,
      version: "0.24.4",
    });
  });

  test.each([
    ["userQuery", 1],
    ["acp_prompt", 1],
    ["notification", 0],
  ])("an interaction that a %s starts is %i turn", (kind, turns) => {
    const item = span("qwen-code.interaction", { "qwen-code.message_type": kind });
    expect(factsOf(item, "turn")).toHaveLength(turns);
  });

  test("a hook's span that failed is no alarm: it fails whenever no hook is configured", () => {
    const item = span(
      "qwen-code.hook",
      { hook_event: "PreToolUse", success: false, "error.type": "hook_error" },
      { status: { code: 2, message: "hook runner returned no output" } },
    );
    expect(saidOf(item)).toEqual({ dialect: agent, facts: [], noise: ["qwen-code.hook"] });
  });

  test("a span of a new name is kept whole", () => {
    expect(saidOf(span("qwen-code.brand_new")).dialect).toBe("opaque");
  });

  test("prompts that an operator withholds are in no fact of the capture", () => {
    const { facts } = tell(capturedItems(agent, "tool-edit-grpc-redacted"));
    expect(JSON.stringify(facts)).not.toContain("hunter2");
  });

  test("whom it names is a claim, and on spans alone", () => {
    const { facts } = tell(capturedItems(agent, "named-user"));
    const named = facts.filter(({ fact }) => fact.claimed !== undefined);
    expect(named.length).toBeGreaterThan(0);
    expect(JSON.stringify(named.map(({ fact }) => [fact.body, fact.attrs]))).not.toContain("ada@");
  });
});

/** What is left when one signal alone arrives. */
function from(signal: "traces" | "logs", scenario: string): Truth {
  const bodies = capturedBodies(agent, scenario).filter((body) => body.signal === signal);
  return foundIn(tell(bodies.flatMap((body) => itemsOf(body))).facts);
}

const callsOf = ({ tool_calls: calls }: Truth): readonly string[] =>
  calls.map(({ call, tool, status }) => `${call} ${tool} ${status}`).sort();

describe("either signal of Qwen Code alone tells the same tokens, turns and calls that ran", () => {
  test.each(["tool-edit", "tool-edit-grpc-redacted", "mcp-tools", "hook-denied", "subagent"])(
    "%s",
    (scenario) => {
      const truth = expectedTruths(agent)[scenario];
      if (truth === undefined) throw new Error("no truth");
      for (const signal of ["logs", "traces"] as const) {
        const found = from(signal, scenario);
        expect(callsOf(found)).toEqual(callsOf(truth));
        expect(found.tokens).toEqual(truth.tokens);
        expect([found.sessions, found.turns, found.inferences]).toEqual([
          truth.sessions,
          truth.turns,
          truth.inferences,
        ]);
      }
    },
  );

  test("a call that a rule refused has no span, and is told by its event alone", () => {
    expect(from("logs", "headless-denied").tool_calls).toHaveLength(3);
    expect(from("traces", "headless-denied").tool_calls).toHaveLength(1);
  });
});
