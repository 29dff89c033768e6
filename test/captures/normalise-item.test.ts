import { normaliseItem } from "@custody/dialects";
import type { AnyFact, Drift, SignalView } from "@custody/model";
import { decodeOtlp } from "@custody/otlp";
import { describe, expect, test } from "vitest";

type Json = Readonly<Record<string, unknown>>;

const attributes = (values: Readonly<Record<string, string | number | boolean>>): readonly Json[] =>
  Object.entries(values).map(([key, value]) => ({
    key,
    value:
      typeof value === "string"
        ? { stringValue: value }
        : typeof value === "boolean"
          ? { boolValue: value }
          : { intValue: String(value) },
  }));

/** One log record or span as a source would send it. */
function only(signal: "logs" | "traces", body: Json): SignalView {
  const answer = decodeOtlp(signal, "json", new TextEncoder().encode(JSON.stringify(body)));
  const item = answer.outcome === "ok" ? answer.items[0] : undefined;
  if (item === undefined) throw new Error("not one item");
  return item;
}

const log = (
  scope: string,
  values: Readonly<Record<string, string | number | boolean>>,
): SignalView =>
  only("logs", {
    resourceLogs: [
      {
        resource: { attributes: attributes({ "service.name": "any" }) },
        scopeLogs: [
          {
            scope: { name: scope },
            logRecords: [
              { observedTimeUnixNano: "1795418817000000000", attributes: attributes(values) },
            ],
          },
        ],
      },
    ],
  });

const span = (
  name: string,
  values: Readonly<Record<string, string | number | boolean>>,
  more: Json = {},
): SignalView =>
  only("traces", {
    resourceSpans: [
      {
        resource: {
          attributes: attributes({ "service.name": "my-agent", "service.version": "1.2.3" }),
        },
        scopeSpans: [
          {
            scope: { name: "any" },
            spans: [
              {
                name,
                traceId: "0af7651916cd43dd8448eb211c80319c",
                spanId: "b7ad6b7169203331",
                startTimeUnixNano: "1795418817000000000",
                endTimeUnixNano: "1795418818500000000",
                attributes: attributes(values),
                ...more,
              },
            ],
          },
        ],
      },
    ],
  });

function say(item: SignalView): {
  readonly dialect: string;
  readonly facts: readonly AnyFact[];
  readonly noise: readonly string[];
  readonly drift: readonly Drift[];
} {
  const facts: AnyFact[] = [];
  const noise: string[] = [];
  const drift: Drift[] = [];
  const dialect = normaliseItem(item, {
    fact: (fact) => facts.push(fact),
    noise: (name) => noise.push(name),
    drift: (stray) => drift.push(stray),
  });
  return { dialect, facts, noise, drift };
}

const classes = (item: SignalView): readonly string[] => say(item).facts.map((fact) => fact.class);

describe("Codex 0.96, which named its scope after a source file", () => {
  const scope = "codex_otel::traces::otel_manager";
  const common = {
    "event.timestamp": "2026-11-23T07:28:25.050Z",
    "conversation.id": "01a2074e-597d-70f3-89be-7977c563ab9a",
    "app.version": "0.96.0",
    model: "gpt-5.1-codex",
  };

  test("says an approval, its decision and the start of the call", () => {
    const item = log(scope, {
      ...common,
      "event.name": "codex.tool_decision",
      call_id: "call_1",
      tool_name: "apply_patch",
      decision: "approved",
      source: "Config",
    });
    expect(classes(item)).toEqual(["approval", "decision", "tool_call"]);
  });

  test("says the outcome of a patch from the JSON it wrote as output", () => {
    const { facts } = say(
      log(scope, {
        ...common,
        "event.name": "codex.tool_result",
        call_id: "call_1",
        tool_name: "apply_patch",
        duration_ms: "13",
        success: "true",
        arguments: "*** Begin Patch",
        output: '{"output":"Success.","metadata":{"exit_code":0,"duration_seconds":0.0}}',
      }),
    );
    const call = facts.find((fact) => fact.class === "tool_call");
    expect(call?.body).toMatchObject({
      kind: "fs",
      status: "executed",
      success: true,
      exit_code: 0,
      duration_ms: 13,
    });
    expect(call?.body).toMatchObject({
      exec_start: "2026-11-23T07:28:25.037000000Z",
      wait_included: true,
    });
  });
});

describe("words that no table knows", () => {
  const codex = {
    "event.name": "codex.tool_decision",
    "conversation.id": "c",
    call_id: "x",
    tool_name: "exec_command",
    source: "Oracle",
  };

  test.each([
    ["approved_by_oracle", "allow"],
    ["denied_by_oracle", "deny"],
    ["whatever", "ask"],
  ])("a Codex decision %s is %s by unknown, and says so", (decision, verdict) => {
    const approval = say(log("codex_otel.log_only", { ...codex, decision })).facts[0];
    expect(approval?.body).toMatchObject({ verdict, by: "unknown", raw: `${decision}/Oracle` });
    expect(approval?.attrs).toEqual({ "approval.words": "unlisted" });
  });

  test("a known verdict of an unknown source is nobody's in particular", () => {
    const item = log("com.anthropic.claude_code.events", {
      "event.name": "tool_decision",
      "session.id": "s",
      tool_use_id: "t",
      tool_name: "Bash",
      decision: "accept",
      source: "oracle",
    });
    expect(say(item).facts[0]?.body).toMatchObject({
      verdict: "allow",
      by: "unknown",
      raw: "accept/oracle",
    });
  });

  test("an event of an unknown name is kept whole, in its session and with its number", () => {
    const item = log("com.anthropic.claude_code.events", {
      "event.name": "brand_new",
      "session.id": "s",
      "event.sequence": 12,
    });
    const { dialect, facts } = say(item);
    expect(dialect).toBe("opaque");
    expect(facts).toMatchObject([
      {
        class: "opaque",
        session: "s",
        seq: { id: "s", epoch: "", n: 12 },
        body: { signal: "log", name: "brand_new" },
      },
    ]);
    expect(facts[0]?.content?.["payload"]).toContain("brand_new");
  });

  test("an event called like a member of every object is unknown too", () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      expect(say(log("com.anthropic.claude_code.events", { "event.name": name })).dialect).toBe(
        "opaque",
      );
      expect(say(span(name, { "gen_ai.operation.name": name })).dialect).toBe("opaque");
    }
  });

  test("attributes that a newer release adds are kept as content", () => {
    const item = log("codex_otel.log_only", {
      "event.name": "codex.user_prompt",
      "conversation.id": "c",
      prompt: "hi",
      "prompt.colour": "green",
    });
    expect(say(item).facts[0]?.content).toEqual({
      prompt: "hi",
      attributes: '{"prompt.colour":"green"}',
    });
  });
});

describe("what was withheld is not missing, and not said", () => {
  test.each([
    [
      "codex_otel.log_only",
      { "event.name": "codex.user_prompt", "conversation.id": "c", prompt: "[REDACTED]" },
    ],
    [
      "com.anthropic.claude_code.events",
      { "event.name": "user_prompt", "session.id": "s", prompt: "<REDACTED>" },
    ],
  ])("a prompt in %s", (scope, values) => {
    const turn = say(log(scope, values)).facts[0];
    expect(turn).toMatchObject({ class: "turn", body: { prompt_state: "withheld" } });
    expect(turn?.content).toBeUndefined();
  });

  test("the name of an MCP tool without the details switch", () => {
    const item = log("com.anthropic.claude_code.events", {
      "event.name": "tool_decision",
      "session.id": "s",
      tool_use_id: "t",
      tool_name: "mcp_tool",
      tool_source: "mcp",
      decision: "accept",
      source: "config",
    });
    expect(say(item).facts[1]?.body).toMatchObject({
      tool: "mcp_tool",
      kind: "mcp",
      arguments_state: "withheld",
    });
  });
});

describe("spans of our own instrumentation", () => {
  const base = {
    "custody.session.id": "s1",
    "custody.turn.id": "t1",
    "custody.call.id": "call_1",
    "custody.src.id": "my-agent@devbox",
    "custody.src.epoch": "0011223344556677",
    "custody.src.seq": 4,
    "gen_ai.agent.name": "my-agent",
    "gen_ai.tool.name": "run_command",
  };

  test("a decision has its arguments and its reason", () => {
    const { dialect, facts } = say(
      span("decide run_command", {
        ...base,
        "custody.span.kind": "decision",
        "gen_ai.tool.call.arguments": '{"cmd":"ls"}',
        "custody.decision.reason": "To see.",
      }),
    );
    expect(dialect).toBe("genai");
    expect(facts).toMatchObject([
      {
        class: "decision",
        session: "s1",
        turn: "t1",
        call: "call_1",
        seq: { id: "my-agent@devbox", epoch: "0011223344556677", n: 4 },
        body: {
          tool: "run_command",
          kind: "exec",
          arguments_state: "reported",
          reason_state: "reported",
        },
        content: { arguments: '{"cmd":"ls"}', reason: "To see." },
      },
    ]);
  });

  test("the approver it names is a claim, never the approver", () => {
    const { facts } = say(
      span("approve run_command", {
        ...base,
        "custody.span.kind": "approval",
        "custody.approval.verdict": "deny",
        "custody.approval.by": "human",
        "custody.approval.scope": "once",
        "custody.approval.approver": "ada@example.com",
      }),
    );
    expect(facts).toMatchObject([
      {
        class: "approval",
        body: { verdict: "deny", by: "human", scope: "once", primary: true },
        claimed: { "approver.principal": "ada@example.com" },
      },
    ]);
    expect(JSON.stringify(facts[0]?.body)).not.toContain("ada");
  });

  test.each([{}, { "custody.approval.verdict": "" }, { "custody.approval.verdict": "maybe" }])(
    "an approval that states no verdict we know (%j) is kept as it is, and approves and asks nothing",
    (stated) => {
      const said = {
        ...base,
        ...stated,
        "custody.span.kind": "approval",
        "custody.approval.by": "human",
      };
      const { dialect, facts } = say(span("approve run_command", said));
      expect(dialect).toBe("opaque");
      expect(facts).toMatchObject([
        {
          class: "opaque",
          body: { name: "approve run_command" },
          content: { payload: expect.stringContaining("custody.approval.by") },
        },
      ]);
    },
  );

  test("an attempt read off the traffic is marked as concluded; one that was wrapped is not", () => {
    const inferred = say(
      span("execute_tool run_command", {
        ...base,
        "custody.span.kind": "tool_call",
        "custody.tool.status": "unknown",
        "custody.inferred": true,
      }),
    ).facts[0];
    const stated = say(
      span("execute_tool run_command", {
        ...base,
        "custody.span.kind": "tool_call",
        "custody.tool.status": "executed",
        "custody.tool.success": true,
        "custody.tool.exit_code": 0,
        "custody.tool.kind": "vcs",
      }),
    ).facts[0];
    expect(inferred).toMatchObject({
      inferred: true,
      body: { status: "unknown", inferred: true },
    });
    expect(inferred?.body).not.toHaveProperty("exec_start");
    expect(stated?.inferred).toBeUndefined();
    expect(stated?.body).toMatchObject({
      status: "executed",
      success: true,
      exit_code: 0,
      kind: "vcs",
      exec_start: "2026-11-23T07:26:57.000000000Z",
    });
  });

  test("an observation says how much there was and what it may be trusted as", () => {
    const { facts } = say(
      span("observe run_command", {
        ...base,
        "custody.span.kind": "observation",
        "custody.observation.bytes": 311,
        "custody.observation.digest": "sha256:00",
        "custody.observation.trust": "tool_output",
        "custody.content": "withheld",
      }),
    );
    expect(facts).toMatchObject([
      {
        class: "observation",
        body: { state: "withheld", bytes: 311, digest: "sha256:00", trust: "tool_output" },
      },
    ]);
  });

  test("a session begins and ends, a turn spans its work, a model call has its tokens", () => {
    const start = say(
      span("session", {
        ...base,
        "custody.span.kind": "session",
        "custody.session.event": "start",
      }),
    ).facts[0];
    const end = say(
      span("session", {
        ...base,
        "custody.span.kind": "session",
        "custody.session.event": "end",
        "custody.session.end_reason": "exit",
      }),
    ).facts[0];
    const turn = say(
      span("invoke_agent", {
        ...base,
        "custody.span.kind": "turn",
        "gen_ai.input.messages": "Tidy up.",
      }),
    ).facts[0];
    const chat = say(
      span("chat gpt-5.5", {
        ...base,
        "custody.span.kind": "inference",
        "gen_ai.request.model": "gpt-5.5",
        "gen_ai.usage.input_tokens": 1000,
        "gen_ai.usage.cache_read.input_tokens": 200,
        "gen_ai.usage.output_tokens": 40,
        "gen_ai.usage.reasoning.output_tokens": 8,
      }),
    ).facts[0];
    expect(start?.body).toMatchObject({ event: "start", can: ["prompt", "arguments", "results"] });
    expect(end?.body).toMatchObject({ event: "end", end_reason: "exit" });
    expect(turn).toMatchObject({
      class: "turn",
      end: "2026-11-23T07:26:58.500000000Z",
      body: { event: "start", prompt_state: "reported" },
      content: { prompt: "Tidy up." },
    });
    expect(chat?.body).toMatchObject({
      primary: true,
      status: "ok",
      model: "gpt-5.5",
      input_tokens: 1000,
      cached_input_tokens: 200,
      output_tokens: 40,
      reasoning_tokens: 8,
    });
  });

  test("a kind that is not in the table is kept whole", () => {
    expect(say(span("dream", { ...base, "custody.span.kind": "dream" }))).toMatchObject({
      dialect: "opaque",
      facts: [{ session: "s1", seq: { n: 4 } }],
    });
  });
});

describe("the GenAI conventions", () => {
  test("the names of before a rename say the same", () => {
    const now = say(
      span("chat m", {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.conversation.id": "c",
        "gen_ai.usage.input_tokens": 5,
        "gen_ai.usage.output_tokens": 7,
      }),
    ).facts[0];
    const then = say(
      span("chat m", {
        "gen_ai.operation.name": "chat",
        "gen_ai.system": "openai",
        "gen_ai.conversation.id": "c",
        "gen_ai.usage.prompt_tokens": 5,
        "gen_ai.usage.completion_tokens": 7,
      }),
    ).facts[0];
    expect(then?.body).toEqual(now?.body);
  });

  test("without a conversation the trace stands for the session, and says so", () => {
    const { facts } = say(
      span("execute_tool fetch", {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "fetch",
      }),
    );
    expect(facts.map((fact) => fact.session)).toEqual(
      Array(3).fill("0af7651916cd43dd8448eb211c80319c"),
    );
    expect(facts[1]).toMatchObject({
      call: "span:b7ad6b7169203331",
      attrs: { "session.source": "trace" },
      body: { kind: "net", status: "executed", arguments_state: "withheld" },
    });
  });

  test("a span that failed did not execute properly", () => {
    const { facts } = say(
      span(
        "execute_tool bash",
        {
          "gen_ai.operation.name": "execute_tool",
          "gen_ai.tool.name": "bash",
          "error.type": "Timeout",
        },
        { status: { code: 2, message: "too long" } },
      ),
    );
    expect(facts[1]).toMatchObject({
      body: { status: "error", success: false, error_type: "Timeout" },
      content: { error: "too long" },
    });
  });
});
