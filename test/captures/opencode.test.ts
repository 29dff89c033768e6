import { describe, expect, test } from "vitest";
import { type MadeSpan, madeLog, madeSpan, saying, type Values } from "../support/made-items.ts";

// What no capture shows: answers of a user, the next permission system, and telemetry that strays (agent-telemetry 6 and 15.1).

const agent = {
  resource: {
    "service.name": "opencode",
    "service.version": "1.18.33",
    "opencode.run": "0b548679",
    "opencode.client": "cli",
  },
  scope: "opencode",
};
const execute = (values: Values = {}, more: Partial<MadeSpan> = {}): MadeSpan => ({
  name: "Tool.execute",
  ...more,
  attributes: {
    "tool.name": "bash",
    "session.id": "ses_1",
    "message.id": "msg_1",
    "tool.call_id": "call_1",
    ...values,
  },
});
const sdkCall = (values: Values = {}, more: Partial<MadeSpan> = {}): MadeSpan => ({
  name: "ai.toolCall",
  ...more,
  attributes: {
    "ai.operationId": "ai.toolCall",
    "ai.toolCall.name": "bash",
    "ai.toolCall.id": "call_1",
    "ai.toolCall.args": '{"command":"ls"}',
    "session.id": "ses_1",
    ...values,
  },
});
const exception = (type: string) => ({
  failure: "it failed",
  events: [{ name: "exception", attributes: { "exception.type": type } }],
});
const message = (words: string, json?: string) =>
  madeLog(
    agent,
    { fiberId: 1 },
    json === undefined
      ? { stringValue: words }
      : { arrayValue: { values: [{ stringValue: words }, { stringValue: json }] } },
  );

describe("a call of opencode that failed", () => {
  const refusals = [
    ["PermissionDeniedError", "policy"],
    ["PermissionV2.BlockedError", "policy"],
    ["PermissionRejectedError", "unknown"],
    ["PermissionCorrectedError", "unknown"],
    ["PermissionV2.DeclinedError", "unknown"],
    ["PermissionV2.CorrectedError", "unknown"],
  ] as const;

  test.each(refusals)("with %s was denied, by %s", (type, by) => {
    for (const made of [execute({}, exception(type)), sdkCall({}, exception(type))]) {
      const { bodies, of } = saying(madeSpan(agent, made));
      expect(bodies("tool_call")).toMatchObject([{ status: "denied", error_type: type }]);
      expect(of("approval")).toMatchObject([
        { call: "call_1", body: { verdict: "deny", by, raw: type } },
      ]);
      expect(of("observation")).toEqual([]);
    }
  });

  test("with any other exception failed, and nobody concludes who allowed it", () => {
    const { bodies, of } = saying(madeSpan(agent, execute({}, exception("Error"))));
    expect(bodies("tool_call")).toMatchObject([{ status: "error", error_type: "Error" }]);
    expect(of("approval")).toEqual([]);
  });

  test("because it was cut short has no known outcome", () => {
    const { bodies } = saying(madeSpan(agent, execute({}, exception("AbortError"))));
    expect(bodies("tool_call")).toMatchObject([{ status: "unknown", error_type: "AbortError" }]);
  });
});

describe("a call of opencode", () => {
  test("is told twice, and counted by the account that has its arguments and result", () => {
    const own = saying(madeSpan(agent, execute())).bodies("tool_call");
    const sdk = saying(madeSpan(agent, sdkCall())).bodies("tool_call");
    expect([own[0]?.primary, sdk[0]?.primary]).toEqual([false, true]);
  });

  test("has the exit code that stands beside its output, and not one that a command printed", () => {
    const result = (value: object) => sdkCall({ "ai.toolCall.result": JSON.stringify(value) });
    const code = (value: object) =>
      saying(madeSpan(agent, result(value))).bodies("tool_call")[0]?.exit_code;
    expect(code({ metadata: { exit: 7, output: "" }, output: "" })).toBe(7);
    expect(code({ metadata: { exit: null }, output: '{"metadata":{"exit":0}}' })).toBeUndefined();
    expect(code({ output: '"exit":0' })).toBeUndefined();
    expect(code({ metadata: { exit: "0" } })).toBeUndefined();
  });

  test("of a tool that is not there is an error of the tool that was asked for", () => {
    const args = { "ai.toolCall.args": '{"tool":"write","error":"unavailable"}' };
    const { bodies, of } = saying(
      madeSpan(agent, sdkCall({ "ai.toolCall.name": "invalid", ...args })),
    );
    expect(bodies("tool_call")).toMatchObject([
      { tool: "write", status: "error", error_type: "invalid_tool" },
    ]);
    expect(of("approval")).toEqual([]);
    const own = saying(madeSpan(agent, execute({ "tool.name": "invalid" })));
    expect(own.bodies("tool_call")).toMatchObject([{ tool: "invalid", status: "error" }]);
    expect(own.of("approval")).toEqual([]);
  });

  test("without an id goes by its span; without a tool it is kept whole", () => {
    const { "tool.call_id": _, ...unnamed } = execute().attributes ?? {};
    const nameless = saying(madeSpan(agent, { name: "Tool.execute", attributes: unnamed }));
    expect(nameless.of("tool_call")[0]?.call).toBe("span:b7ad6b7169203331");
    const { "tool.name": __, ...toolless } = execute().attributes ?? {};
    const { dialect, drift } = saying(
      madeSpan(agent, { name: "Tool.execute", attributes: toolless }),
    );
    expect(dialect).toBe("opaque");
    expect(drift.map(({ name }) => name)).toContain("Tool.execute/tool.name");
  });

  test("with its inputs turned off holds them back", () => {
    const { "ai.toolCall.args": _, ...bare } = sdkCall().attributes ?? {};
    const { bodies } = saying(madeSpan(agent, { name: "ai.toolCall", attributes: bare }));
    expect(bodies("decision")).toMatchObject([{ arguments_state: "withheld" }]);
    expect(bodies("observation")).toMatchObject([{ state: "withheld" }]);
  });

  test("that began a sub-agent names its session", () => {
    const result = JSON.stringify({ metadata: { parentSessionId: "ses_1", sessionId: "ses_2" } });
    const { of } = saying(
      madeSpan(agent, sdkCall({ "ai.toolCall.name": "task", "ai.toolCall.result": result })),
    );
    expect(of("session")).toMatchObject([{ session: "ses_2", body: { parent_session: "ses_1" } }]);
  });
});

describe("a question of opencode", () => {
  test("names no call, so its verdict is of none, and corroborates that of the call's own span", () => {
    for (const name of ["Permission.ask", "PermissionV2.ask"]) {
      const { of } = saying(madeSpan(agent, { name, parentSpanId: "00f067aa0ba902b7" }));
      expect(of("approval")).toMatchObject([
        { parent: "00f067aa0ba902b7", body: { verdict: "allow", by: "unknown", primary: false } },
      ]);
      expect(of("approval")[0]).not.toHaveProperty("call");
    }
  });

  test("that failed in a way nobody knew is no verdict, and is marked", () => {
    const { of } = saying(
      madeSpan(agent, { name: "Permission.ask", ...exception("PermissionMoonError") }),
    );
    expect(of("approval")).toMatchObject([
      { body: { verdict: "ask", by: "unknown" }, attrs: { "approval.words": "unlisted" } },
    ]);
  });

  test.each([
    ["allow", "allow"],
    ["deny", "deny"],
    ["ask", "ask"],
  ])("answered by a rule that says %s is the policy's", (action, verdict) => {
    const json = `{"permission":"bash","pattern":"ls","action":{"permission":"bash","pattern":"*","action":"${action}"}}`;
    const { of } = saying(message("evaluated", json));
    expect(of("approval")).toMatchObject([
      { body: { verdict, by: "policy", primary: false }, content: { reason: json } },
    ]);
  });
});

describe("a log record of opencode", () => {
  test("begins a turn with its first round alone, and the trace names the turn", () => {
    const first = saying(message("loop", '{"session.id":"ses_1","step":0}'));
    expect(first.of("turn")).toMatchObject([
      { session: "ses_1", turn: "0af7651916cd43dd8448eb211c80319c", body: { event: "start" } },
    ]);
    const later = saying(message("loop", '{"session.id":"ses_1","step":3}'));
    expect([later.facts, later.noise]).toEqual([[], ["log loop"]]);
  });

  test("is read though a printer of values wrote it, and not where it is cut", () => {
    const whole = saying(message("created", '{"id":"ses_2","agent":undefined,"parentID":"ses_1"}'));
    expect(whole.of("session")).toMatchObject([
      { session: "ses_2", body: { event: "start", parent_session: "ses_1" } },
    ]);
    const cut = saying(message("created", '{"id":"ses_2","agent":undefined,"paren'));
    expect(cut.of("session")).toMatchObject([{ session: "ses_2" }]);
    expect(cut.bodies("session")[0]).not.toHaveProperty("parent_session");
  });

  test("of words that nobody knew, or of no words, is kept whole and reported", () => {
    const { dialect, drift } = saying(message("moon rising", '{"phase":"full"}'));
    expect(dialect).toBe("opaque");
    expect(drift).toContainEqual(
      expect.objectContaining({ agent: "opencode", kind: "unknown_event", name: "moon rising" }),
    );
    for (const body of [undefined, { intValue: "7" }, { arrayValue: {} }, {}]) {
      expect(saying(madeLog(agent, {}, body)).dialect).toBe("opaque");
    }
  });

  test("of a failed model call tells the failure, though an error printed itself into it", () => {
    const text = '{"providerID":"fake","session.id":"ses_1","error":{"error":AI_APICallError: no}}';
    const { of } = saying(message("stream error", text));
    expect(of("inference")).toMatchObject([
      { session: "ses_1", body: { status: "error", primary: false }, content: { error: text } },
    ]);
  });
});

describe("a span of opencode", () => {
  test("of a part that writes one for everything is counted by name", () => {
    const { facts, noise, drift } = saying(madeSpan(agent, { name: "Session.somethingNew" }));
    expect([facts, noise, drift]).toEqual([[], ["Session.somethingNew"], []]);
  });

  test("of a part that nobody knew is kept whole and reported, with attributes or without", () => {
    const { dialect, drift } = saying(madeSpan(agent, { name: "Approval.ask" }));
    expect(dialect).toBe("opaque");
    expect(drift).toContainEqual(
      expect.objectContaining({ kind: "unknown_event", name: "Approval.ask" }),
    );
  });

  test("of the parts that say something is counted by its whole name only", () => {
    expect(saying(madeSpan(agent, { name: "Permission.state" })).noise).toEqual([
      "Permission.state",
    ]);
    expect(saying(madeSpan(agent, { name: "Permission.decide" })).dialect).toBe("opaque");
    expect(saying(madeSpan(agent, { name: "Tool.run" })).dialect).toBe("opaque");
  });

  test("that follows the GenAI conventions is left to them", () => {
    const made = madeSpan(agent, {
      name: "chat gpt",
      attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt" },
    });
    const { dialect, of } = saying(made);
    expect(["genai", "vercel-ai"]).toContain(dialect);
    expect(of("inference")[0]?.agent?.name).toBe("opencode");
  });

  test("is told by its resource where its operator renamed the service", () => {
    const renamed = { resource: { "service.name": "ours", "opencode.run": "1" }, scope: "ours" };
    expect(saying(madeSpan(renamed, execute())).dialect).toBe("opencode");
  });
});

describe("a model call of opencode", () => {
  const stream = (values: Values): MadeSpan => ({
    name: "ai.streamText.doStream",
    attributes: {
      "ai.operationId": "ai.streamText.doStream",
      "ai.model.id": "m",
      "session.id": "ses_1",
      ...values,
    },
  });
  const usage = { "ai.usage.inputTokens": 1000, "ai.usage.outputTokens": 40 };

  test("counts its tokens once: neither the step around it nor opencode's own span count beside it", () => {
    expect(saying(madeSpan(agent, stream(usage))).bodies("inference")).toMatchObject([
      { primary: true, input_tokens: 1000, output_tokens: 40 },
    ]);
    const step = madeSpan(agent, {
      name: "ai.streamText",
      attributes: { "ai.operationId": "ai.streamText", "session.id": "ses_1", ...usage },
    });
    expect(saying(step).bodies("inference")).toMatchObject([{ primary: false }]);
    expect(saying(madeSpan(agent, { name: "LLM.run" })).bodies("inference")).toEqual([
      { status: "unknown", primary: false },
    ]);
  });

  test("reads the token names of an older AI SDK", () => {
    const old = { "ai.usage.promptTokens": 7, "ai.usage.completionTokens": 3 };
    expect(saying(madeSpan(agent, stream(old))).bodies("inference")).toMatchObject([
      { input_tokens: 7, output_tokens: 3 },
    ]);
  });

  test("tells the prompt of a turn where it is the last message, and not to the title generator", () => {
    const messages = JSON.stringify([
      { role: "system", content: "You are." },
      { role: "user", content: [{ type: "text", text: "Fix it." }] },
    ]);
    const asked = stream({ ...usage, "ai.prompt.messages": messages, "ai.prompt.tools": "[]" });
    expect(saying(madeSpan(agent, asked)).of("turn")).toMatchObject([
      { content: { prompt: "Fix it." }, body: { event: "start", prompt_state: "reported" } },
    ]);
    const title = stream({ ...usage, "ai.prompt.messages": messages });
    expect(saying(madeSpan(agent, title)).of("turn")).toEqual([]);
    const answered = messages.replace("]}]", ']},{"role":"tool","content":[]}]');
    const next = stream({ ...usage, "ai.prompt.messages": answered, "ai.prompt.tools": "[]" });
    expect(saying(madeSpan(agent, next)).of("turn")).toEqual([]);
  });

  test("of a sub-agent names the session it belongs to", () => {
    const child = stream({ ...usage, "ai.request.headers.x-parent-session-id": "ses_0" });
    expect(saying(madeSpan(agent, child)).bodies("session")).toEqual([
      { event: "seen", parent_session: "ses_0" },
    ]);
  });
});
