import type { SignalView } from "@custody/model";
import { describe, expect, test } from "vitest";
import { capturedBodies, capturedItems, itemsOf, tell } from "./captured-items.ts";
import { foundIn } from "./found.ts";
import {
  factsOf,
  madeLog,
  madeSpan,
  saidOf,
  someSpan,
  someTrace,
  type Values,
} from "./made-items.ts";
import { expectedTruths, type Truth } from "./truth.ts";

const agent = "gemini-cli";
const common = {
  "session.id": "s1",
  "event.timestamp": "2026-11-23T07:26:57.000Z",
  interactive: true,
};

const event = (name: string, values: Values, more: object = {}): SignalView =>
  madeLog({ agent, values: { ...common, "event.name": name, ...values }, ...more });

const toolCall = (values: Values, more: object = {}): SignalView =>
  event(
    "gemini_cli.tool_call",
    {
      function_name: "run_shell_command",
      function_args: '{\n  "command": "ls"\n}',
      duration_ms: 250,
      success: true,
      prompt_id: "s1########3",
      tool_type: "native",
      ...values,
    },
    more,
  );

describe("Gemini CLI's words for a verdict, as its table of 0.61 writes them", () => {
  const denied = "Tool execution denied by policy.";

  test.each([
    ["accept", { decision: "accept" }, "allow", "unknown", "once"],
    ["auto_accept", { decision: "auto_accept" }, "allow", "unknown", "session"],
    ["modify", { decision: "modify" }, "modified", "human", "once"],
    ["reject and no success", { decision: "reject", success: false }, "deny", "unknown", "once"],
    ["reject and success", { decision: "reject" }, "allow", "human", "standing"],
    [
      "reject and a failure of the tool itself",
      { decision: "reject", success: false, error_type: "file_not_found", error: "no" },
      "allow",
      "human",
      "standing",
    ],
    [
      "reject and success where nobody can be asked",
      { decision: "reject", interactive: false },
      "allow",
      "unknown",
      "standing",
    ],
    [
      "a refusal by policy, which has no word",
      { success: false, error_type: "policy_violation", error: denied },
      "deny",
      "policy",
      "once",
    ],
    [
      "a refusal by a hook, which has no word",
      { success: false, error_type: "policy_violation", error: "Tool execution blocked: no" },
      "deny",
      "hook",
      "once",
    ],
    [
      "a stop by a hook before the tool",
      {
        success: false,
        error_type: "stop_execution",
        error: "Agent execution stopped by hook: no",
      },
      "deny",
      "hook",
      "once",
    ],
    ["a word that no table knows", { decision: "perhaps" }, "ask", "unknown", "once"],
  ])("%s", (_, values, verdict, by, scope) => {
    const [approval, ...others] = factsOf(toolCall(values), "approval");
    expect(others).toEqual([]);
    expect(approval?.body).toMatchObject({ verdict, by, scope, primary: true });
  });

  test("a saved permission is concluded, says so, and keeps the agent's own word", () => {
    const [approval] = factsOf(toolCall({ decision: "reject" }), "approval");
    expect(approval?.inferred).toBe(true);
    expect(approval?.body.raw).toContain("reject");
    expect(approval?.attrs).toMatchObject({
      decision: "reject",
      success: "true",
      "approval.concluded": expect.any(String),
    });
  });

  test("a plain rejection is not concluded, and its call never ran", () => {
    const item = toolCall({ decision: "reject", success: false });
    expect(factsOf(item, "approval")[0]?.inferred).toBeUndefined();
    const [call] = factsOf(item, "tool_call");
    expect(call?.body).toMatchObject({ status: "denied", success: false });
    expect(call?.body).not.toHaveProperty("exec_start");
    expect(factsOf(item, "observation")).toEqual([]);
  });

  test.each([null, undefined])(
    "without a decision (%s) nobody is said to have given one",
    (none) => {
      expect(factsOf(toolCall(none === null ? { decision: null } : {}), "approval")).toEqual([]);
    },
  );

  test("a tool that nobody registered was decided on by nobody", () => {
    const item = toolCall({
      success: false,
      error_type: "tool_not_registered",
      error: "not found",
    });
    expect(factsOf(item, "approval")).toEqual([]);
    expect(factsOf(item, "tool_call")[0]?.body).toMatchObject({
      status: "error",
      error_type: "tool_not_registered",
    });
  });
});

describe("how a call of Gemini CLI went", () => {
  test("a command that exits with 7 is a success of the agent, and exited with 7", () => {
    const metadata = '{\n  "exitCode": 7,\n  "isError": true\n}';
    expect(factsOf(toolCall({ metadata }), "tool_call")[0]?.body).toMatchObject({
      status: "executed",
      success: true,
      exit_code: 7,
      kind: "exec",
    });
  });

  test("no exit code is made up of a success, and none is taken from a tool that runs no command", () => {
    expect(factsOf(toolCall({}), "tool_call")[0]?.body).not.toHaveProperty("exit_code");
    const other = toolCall({ function_name: "read_file", metadata: '{"exitCode":0}' });
    expect(factsOf(other, "tool_call")[0]?.body).not.toHaveProperty("exit_code");
  });

  test("its duration runs from when it was scheduled, and says so", () => {
    expect(factsOf(toolCall({}), "tool_call")[0]?.body).toMatchObject({
      exec_start: "2026-11-23T07:26:56.750000000Z",
      wait_included: true,
    });
  });

  test("booleans and numbers that were sent as text say the same", () => {
    const plain = factsOf(toolCall({}), "tool_call")[0]?.body;
    const text = factsOf(toolCall({ success: "true", duration_ms: "250" }), "tool_call")[0]?.body;
    expect(text).toEqual(plain);
  });

  test("a call of an MCP tool names its server, and a sub-agent's its path", () => {
    const item = toolCall({
      function_name: "mcp_calc_add",
      tool_type: "mcp",
      mcp_server_name: "calc",
      prompt_id: "8817f3a0-a385-4949-997f-0cbcce883c39#4",
    });
    const [call] = factsOf(item, "tool_call");
    expect(call?.body).toMatchObject({
      kind: "mcp",
      mcp_server: "calc",
      agent_path: "8817f3a0-a385-4949-997f-0cbcce883c39",
    });
    expect(call?.turn).toBeUndefined();
  });

  test("an event without the name of its tool is kept whole", () => {
    expect(saidOf(event("gemini_cli.tool_call", { success: true })).dialect).toBe("opaque");
  });
});

describe("a call that no event names", () => {
  const scheduled = { traceId: someTrace, spanId: someSpan };
  const nameOf = (item: SignalView): string => factsOf(item, "tool_call")[0]?.call ?? "";

  test("goes by its scheduling span, tool and arguments, however they are indented", () => {
    const one = nameOf(toolCall({}, scheduled));
    expect(one.startsWith(`span:${someSpan}/run_shell_command/`)).toBe(true);
    expect(nameOf(toolCall({ function_args: '{"command":"ls"}' }, scheduled))).toBe(one);
    expect(nameOf(toolCall({ function_args: '{"command":"id"}' }, scheduled))).not.toBe(one);
  });

  test("is the same call in the event, in its own span and in the span that scheduled it", () => {
    const request = { callId: "ls__ls_1_0", name: "run_shell_command", args: { command: "ls" } };
    const told = {
      status: "success",
      request,
      response: {
        responseParts: [{ functionResponse: { response: { output: "a\n" } } }],
        data: { exitCode: 3 },
      },
      outcome: "proceed_always_and_save",
      approvalMode: "default",
    };
    const own = madeSpan({
      agent,
      name: "tool_call",
      spanId: "00f067aa0ba902b7",
      parentSpanId: someSpan,
      values: {
        "gen_ai.operation.name": "tool_call",
        "gen_ai.tool.name": "run_shell_command",
        "gen_ai.tool.call_id": "ls__ls_1_0",
        "gen_ai.conversation.id": "s1",
        "gen_ai.input.messages": JSON.stringify(request),
        "gen_ai.output.messages": JSON.stringify(told),
      },
    });
    const scheduler = madeSpan({
      agent,
      name: "schedule_tool_calls",
      values: {
        "gen_ai.operation.name": "schedule_tool_calls",
        "gen_ai.conversation.id": "s1",
        "gen_ai.output.messages": JSON.stringify([told]),
      },
    });
    const call = nameOf(toolCall({ decision: "reject" }, scheduled));
    const [carried] = factsOf(own, "tool_call");
    expect(carried).toMatchObject({
      call,
      session: "s1",
      body: { status: "executed", exit_code: 3, primary: false },
      attrs: { "gen_ai.tool.call_id": "ls__ls_1_0" },
    });
    expect(factsOf(own, "observation")[0]).toMatchObject({ call, content: { content: "a\n" } });
    expect(factsOf(own, "decision").map((fact) => fact.call)).toEqual(["ls__ls_1_0", call]);
    // The outcome itself is told here, so nothing is concluded.
    const [approval] = factsOf(scheduler, "approval");
    expect(approval).toMatchObject({
      call,
      body: { verdict: "allow", by: "human", scope: "standing", raw: "proceed_always_and_save" },
    });
    expect(approval?.inferred).toBeUndefined();
    expect(factsOf(scheduler, "session")[0]?.body).toMatchObject({ approval_mode: "default" });
  });

  test.each([
    ["proceed_once", "allow", "unknown", "once"],
    ["proceed_always", "allow", "human", "session"],
    ["proceed_always_server", "allow", "human", "session"],
    ["proceed_always_tool", "allow", "human", "session"],
    ["modify_with_editor", "modified", "human", "once"],
    ["cancel", "deny", "human", "once"],
  ])("has its outcome %s told by the span that scheduled it", (outcome, verdict, by, scope) => {
    const isCancelled = outcome === "cancel";
    const told = {
      status: isCancelled ? "cancelled" : "success",
      request: { callId: "c", name: "write_file", args: {} },
      response: { responseParts: [{ functionResponse: { response: { error: "[Cancelled]" } } }] },
      outcome,
    };
    const item = madeSpan({
      agent,
      name: "schedule_tool_calls",
      values: { "gen_ai.output.messages": JSON.stringify([told]) },
    });
    expect(factsOf(item, "approval")[0]?.body).toMatchObject({ verdict, by, scope });
    const statuses = factsOf(item, "tool_call").map(({ body }) => body.status);
    expect(statuses).toEqual(isCancelled ? ["denied"] : []);
  });

  test("goes by prompt, tool and time in releases without spans, and says so", () => {
    const item = toolCall({ start_time: 1795418816750 });
    const [call] = factsOf(item, "tool_call");
    expect(call?.call).toContain("log:s1########3/run_shell_command/1795418816750");
    expect(call?.attrs).toMatchObject({ "call.source": "prompt, tool and time" });
    expect(factsOf(item, "decision")[0]?.call).toBe(call?.call);
    expect(nameOf(toolCall({ start_time: 1795418816750 }))).toBe(call?.call);
    expect(nameOf(toolCall({ start_time: 1795418816999 }))).not.toBe(call?.call);
  });

  test("is no second call where its span's content was cut or never sent", () => {
    for (const cut of [
      {},
      { "gen_ai.input.messages": '{"callId":"c","args":{"comm...[TRUNCATED' },
    ]) {
      const bare = madeSpan({
        agent,
        name: "tool_call",
        parentSpanId: someSpan,
        values: { "gen_ai.tool.name": "run_shell_command", "gen_ai.tool.call_id": "c", ...cut },
      });
      const { dialect, facts } = saidOf(bare);
      expect(dialect).toBe(agent);
      expect(facts.map((fact) => [fact.class, fact.call])).toEqual([["session", undefined]]);
      expect(facts[0]?.attrs).toMatchObject({ "gen_ai.tool.call_id": "c" });
    }
  });
});

describe("what Gemini CLI says of itself and is not so", () => {
  const secret = "my secret prompt";
  const config = event(
    "gemini_cli.config",
    { approval_mode: "yolo", sandbox_enabled: true, mcp_servers: "calc,notes" },
    {
      resource: {
        "service.version": "v24.21.0",
        "process.command_args": `["gemini","-p","${secret}"]`,
      },
    },
  );

  test("its setup begins a session with its mode and servers", () => {
    expect(factsOf(config, "session")[0]?.body).toMatchObject({
      event: "start",
      approval_mode: "yolo",
      flags: ["yolo"],
      mcp_servers: ["calc", "notes"],
      entrypoint: "interactive",
    });
  });

  test("its sandbox is a claim, and no sandbox", () => {
    const { facts } = saidOf(config);
    expect(facts.map((fact) => fact.class)).toEqual(["session"]);
    expect(facts[0]?.body).not.toHaveProperty("sandbox_mode");
    expect(facts[0]?.claimed).toMatchObject({ sandbox_enabled: "true" });
  });

  test("the version of Node is not its version", () => {
    expect(saidOf(config).facts[0]?.agent).toEqual({ name: agent });
  });

  test("the command line, which holds the prompt, is kept nowhere", () => {
    expect(JSON.stringify(saidOf(config).facts)).not.toContain(secret);
  });

  test("a prompt that is not there was withheld where its length is, and is missing where nothing is", () => {
    const state = (values: Values): unknown =>
      factsOf(event("gemini_cli.user_prompt", values), "turn")[0]?.body.prompt_state;
    expect(state({ prompt_length: 5, prompt: "Hello" })).toBe("reported");
    expect(state({ prompt_length: 5 })).toBe("withheld");
    expect(state({})).toBe("missing");
  });

  test("prompts that an operator withholds are in no fact of the capture", () => {
    const { facts } = tell(capturedItems(agent, "tool-edit-grpc-redacted"));
    expect(JSON.stringify(facts)).not.toContain("hunter2");
  });
});

describe("names of Gemini CLI's events", () => {
  test.each(["loop_detected", "gemini_cli.loop_detected", "gemini_cli.smart_edit_correction"])(
    "%s is about the session, with or without the prefix",
    (name) => {
      const { dialect, facts } = saidOf(event(name, { loop_type: "chanting" }));
      expect(dialect).toBe(agent);
      expect(facts[0]).toMatchObject({ class: "session", session: "s1", body: { event: "seen" } });
    },
  );

  test("one that stands in the record's own field alone is read", () => {
    const item = madeLog({
      agent,
      eventName: "gemini_cli.user_prompt",
      values: { ...common, prompt_length: 2, prompt: "hi" },
    });
    expect(factsOf(item, "turn")[0]?.content).toMatchObject({ prompt: "hi" });
  });

  test("a new one is kept whole, in its session", () => {
    const { dialect, facts } = saidOf(event("gemini_cli.brand_new", { colour: "green" }));
    expect(dialect).toBe("opaque");
    expect(facts[0]).toMatchObject({ class: "opaque", session: "s1" });
    expect(facts[0]?.content?.["payload"]).toContain("green");
  });

  test("a change of mode says which is in force now", () => {
    const item = event("gemini_cli.plan.approval_mode_switch", {
      from_mode: "plan",
      to_mode: "yolo",
    });
    expect(factsOf(item, "session")[0]?.body).toMatchObject({
      event: "mode_change",
      approval_mode: "yolo",
      flags: ["yolo"],
    });
  });
});

/** What is left when one signal alone arrives. */
function from(signal: "traces" | "logs", scenario: string): Truth {
  const bodies = capturedBodies(agent, scenario).filter((body) => body.signal === signal);
  return foundIn(tell(bodies.flatMap((body) => itemsOf(body))).facts);
}

const outcomes = ({ tool_calls: calls, approvals }: Truth): readonly string[] =>
  [
    ...calls.map(({ call, tool, status }) => `${call} ${tool} ${status}`),
    ...approvals.map(({ call, verdict, by }) => `${call} ${verdict} ${by ?? ""}`),
  ].sort();

describe("either signal of Gemini CLI alone, with its traces on, tells the same calls and verdicts", () => {
  const scenarios = [
    "tool-edit",
    "parallel-tools",
    "parallel-same-tool",
    "headless-denied",
    "policy-deny",
    "hook-denied",
    "mcp-tools",
    "plan-mode",
  ];

  test.each(scenarios)("%s", (scenario) => {
    const truth = expectedTruths(agent)[scenario];
    if (truth === undefined) throw new Error("no truth");
    expect(outcomes(from("logs", scenario))).toEqual(outcomes(truth));
    expect(outcomes(from("traces", scenario))).toEqual(outcomes(truth));
  });

  test.each(scenarios)("%s: input and output tokens, once each", (scenario) => {
    const truth = expectedTruths(agent)[scenario];
    const { tokens, inferences } = from("traces", scenario);
    expect([tokens["input"], tokens["output"], inferences]).toEqual([
      truth?.tokens["input"],
      truth?.tokens["output"],
      truth?.inferences,
    ]);
  });
});
