import type { AnyFact, Body, RecordClass } from "@custody/model";
import { describe, expect, test } from "vitest";
import { itemsOf, tell } from "./captured-items.ts";

// An agent that follows a convention comes out right without a folder of its own.

type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value };
type Attributes = Readonly<Record<string, Value>>;

function anyValue(value: Value): unknown {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return { intValue: String(value) };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: keyValues(value as Attributes) } };
}

function keyValues(values: Attributes): readonly unknown[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }));
}

interface Placing {
  readonly span?: string;
  readonly parent?: string;
  readonly kind?: number;
  readonly scope?: string;
  readonly service?: string;
  readonly events?: readonly { readonly name: string; readonly attributes: Attributes }[];
}

const trace = "0af7651916cd43dd8448eb211c80319c";
const bytes = (body: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(body));
const resource = { attributes: keyValues({ "service.name": "my-agent" }) };

function span(name: string, values: Attributes, at: Placing = {}) {
  const { span: spanId = "b7ad6b7169203331", parent, kind = 1, scope = "any", events = [] } = at;
  const body = {
    resourceSpans: [
      {
        resource,
        scopeSpans: [
          {
            scope: { name: scope },
            spans: [
              {
                name,
                kind,
                traceId: trace,
                spanId,
                ...(parent === undefined ? {} : { parentSpanId: parent }),
                startTimeUnixNano: "1795418817000000000",
                endTimeUnixNano: "1795418818500000000",
                attributes: keyValues(values),
                events: events.map((event) => ({
                  name: event.name,
                  timeUnixNano: "1795418818000000000",
                  attributes: keyValues(event.attributes),
                })),
              },
            ],
          },
        ],
      },
    ],
  };
  return itemsOf({ signal: "traces", encoding: "json", bytes: bytes(body), decoded: undefined });
}

function log(name: string, values: Attributes, body?: Value, spanId?: string) {
  const record = {
    timeUnixNano: "1795418818000000000",
    eventName: name,
    attributes: keyValues(values),
    ...(body === undefined ? {} : { body: anyValue(body) }),
    ...(spanId === undefined ? {} : { traceId: trace, spanId }),
  };
  const request = {
    resourceLogs: [{ resource, scopeLogs: [{ scope: { name: "any" }, logRecords: [record] }] }],
  };
  return itemsOf({ signal: "logs", encoding: "json", bytes: bytes(request), decoded: undefined });
}

const facts = (...items: readonly ReturnType<typeof span>[]): readonly AnyFact[] =>
  tell(items.flat()).facts.map(({ fact }) => fact);

function bodies<C extends RecordClass>(name: C, said: readonly AnyFact[]): readonly Body<C>[] {
  return said.flatMap((fact) => (fact.class === name ? [fact.body as Body<C>] : []));
}

const chosenCalls = (said: readonly AnyFact[]) =>
  said.flatMap((fact) =>
    fact.class === "decision" ? [[fact.call, fact.body.tool, fact.content?.["arguments"]]] : [],
  );

const request = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5.5" };
const usage = { "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 40 };
const messages = [
  {
    role: "assistant",
    parts: [
      { type: "text", content: "Looking." },
      { type: "tool_call", id: "call_1", name: "bash", arguments: { command: "ls" } },
    ],
  },
];
const ls = ["call_1", "bash", '{"command":"ls"}'];

describe("the names before a rename say what the names after it say:", () => {
  const newer = facts(
    span("chat", {
      ...request,
      ...usage,
      "gen_ai.provider.name": "openai",
      "gen_ai.usage.cache_read.input_tokens": 200,
      "gen_ai.usage.cache_write.input_tokens": 10,
      "gen_ai.usage.reasoning.output_tokens": 8,
      "gen_ai.output.messages": JSON.stringify(messages),
    }),
  );
  const [told] = bodies("inference", newer);

  test("usage, provider and answer, as the conventions first named them", () => {
    const older = facts(
      span("chat", {
        ...request,
        "gen_ai.system": "openai",
        "gen_ai.usage.prompt_tokens": 1000,
        "gen_ai.usage.completion_tokens": 40,
        "gen_ai.usage.cache_read_input_tokens": 200,
        "gen_ai.usage.cache_creation_input_tokens": 10,
        "gen_ai.usage.reasoning_tokens": 8,
        "gen_ai.completion": JSON.stringify([
          {
            role: "assistant",
            tool_calls: [
              {
                id: "call_1",
                type: "function",
                function: { name: "bash", arguments: ls[2] ?? "" },
              },
            ],
          },
        ]),
      }),
    );
    expect(bodies("inference", older)).toEqual([told]);
    expect(chosenCalls(older)).toEqual([ls]);
  });

  test("an answer that was flattened, one attribute a member", () => {
    const flat = facts(
      span("chat", {
        ...request,
        "gen_ai.completion.0.role": "assistant",
        "gen_ai.completion.0.tool_calls.0.id": "call_1",
        "gen_ai.completion.0.tool_calls.0.name": "bash",
        "gen_ai.completion.0.tool_calls.0.arguments": ls[2] ?? "",
        "gen_ai.prompt.0.role": "user",
        "gen_ai.prompt.0.content": "List files",
      }),
    );
    const [inference] = flat;
    expect(chosenCalls(flat)).toEqual([ls]);
    expect(inference?.content).toEqual({
      request: '[{"role":"user","content":"List files"}]',
      response: expect.stringContaining('"tool_calls":[{"id":"call_1"'),
    });
  });

  test("an answer that is an event of the span", () => {
    const event = facts(
      span("chat", request, {
        events: [
          { name: "gen_ai.content.prompt", attributes: { "gen_ai.prompt": "List files" } },
          {
            name: "gen_ai.content.completion",
            attributes: { "gen_ai.completion": JSON.stringify(messages) },
          },
        ],
      }),
    );
    expect(chosenCalls(event)).toEqual([ls]);
    expect(event[0]?.content).toMatchObject({ request: "List files" });
  });

  test("an answer that is structured, and not text", () => {
    const structured = facts(
      span("chat", { ...request, ...usage, "gen_ai.output.messages": messages }),
    );
    const text = facts(
      span("chat", { ...request, ...usage, "gen_ai.output.messages": JSON.stringify(messages) }),
    );
    expect(structured).toEqual(text);
    expect(chosenCalls(structured)).toEqual([ls]);
  });
});

describe("tokens are counted once:", () => {
  const chat = span("chat", { ...request, ...usage }, { span: "00000000000000c1" });
  const counted = (said: readonly AnyFact[]): readonly (number | undefined)[] =>
    bodies("inference", said).flatMap(({ primary, input_tokens }) =>
      primary ? [input_tokens] : [],
    );

  test("not on the run above the calls, however many runs are nested", () => {
    const sums = { "gen_ai.operation.name": "invoke_agent", ...usage };
    const said = facts(
      span("invoke_agent outer", sums, { span: "00000000000000a1" }),
      span("invoke_agent inner", sums, { span: "00000000000000a2", parent: "00000000000000b1" }),
      chat,
    );
    expect(counted(said)).toEqual([1000]);
    expect(bodies("turn", said)).toHaveLength(2);
  });

  test("on a remote agent's run only beside, for where no call of its own is told", () => {
    const said = facts(
      span(
        "invoke_agent remote",
        { "gen_ai.operation.name": "invoke_agent", ...usage },
        { kind: 3 },
      ),
    );
    expect(bodies("inference", said)).toMatchObject([{ primary: false, input_tokens: 1000 }]);
    expect(bodies("turn", said)).toHaveLength(1);
  });

  test("not on a log record of the same span, but on one that stands alone", () => {
    const details = "gen_ai.client.inference.operation.details";
    const values = { ...request, ...usage, "gen_ai.output.messages": messages };
    expect(counted(facts(chat, log(details, values, undefined, "00000000000000c1")))).toEqual([
      1000,
    ]);
    expect(counted(facts(log(details, values)))).toEqual([1000]);
    expect(chosenCalls(facts(log(details, values)))).toEqual([ls]);
  });

  test("an embedding or a ranking is no answer, and its wrapper no second one", () => {
    const said = facts(
      span("embeddings", { "gen_ai.operation.name": "embeddings" }),
      span(
        "embeddings",
        { "gen_ai.operation.name": "embeddings", "gen_ai.usage.input_tokens": 8 },
        { span: "00000000000000c2" },
      ),
    );
    expect(counted(said)).toEqual([8]);
    expect(bodies("inference", said)[0]).toMatchObject({ purpose: "embeddings" });
  });
});

describe("messages that are log records of their own:", () => {
  test("a choice decides, a tool's message is what the agent saw, and what was asked is no turn", () => {
    const said = facts(
      log(
        "gen_ai.user.message",
        { "gen_ai.system": "openai" },
        { content: "List files" },
        "00000000000000c1",
      ),
      log(
        "gen_ai.assistant.message",
        { "gen_ai.system": "openai" },
        { tool_calls: [{ id: "call_0", function: { name: "old", arguments: "{}" } }] },
        "00000000000000c1",
      ),
      log(
        "gen_ai.tool.message",
        { "gen_ai.system": "openai" },
        { id: "call_1", content: "README.md" },
        "00000000000000c1",
      ),
      log(
        "gen_ai.choice",
        { "gen_ai.system": "openai" },
        {
          index: 0,
          finish_reason: "tool_calls",
          message: {
            tool_calls: [
              {
                id: "call_1",
                type: "function",
                function: { name: "bash", arguments: ls[2] ?? "" },
              },
            ],
          },
        },
        "00000000000000c1",
      ),
    );
    expect(chosenCalls(said)).toEqual([ls]);
    expect(said.find((fact) => fact.class === "observation")).toMatchObject({
      call: "call_1",
      content: { content: "README.md" },
    });
    expect(bodies("turn", said)).toEqual([]);
    expect(bodies("inference", said).every(({ primary }) => !primary)).toBe(true);
  });

  test("the same name as an attribute, as it was before OTLP had a field for it", () => {
    const said = facts(log("", { "event.name": "gen_ai.choice" }, { message: { content: "Hi" } }));
    expect(bodies("inference", said)).toMatchObject([{ status: "unknown", primary: false }]);
  });
});

describe("an operation", () => {
  const only = (operation: string, values: Attributes = {}): readonly string[] =>
    facts(span(operation, { "gen_ai.operation.name": operation, ...values })).map(
      (fact) => fact.class,
    );

  test.each<[string, Attributes, readonly string[]]>([
    ["retrieval", { "gen_ai.retrieval.documents": "[]" }, ["observation"]],
    ["search_memory", {}, ["observation"]],
    ["delete_memory", {}, ["tool_call", "observation"]],
    ["create_agent", { "gen_ai.agent.name": "coder" }, ["session"]],
    ["invoke_workflow", { "gen_ai.workflow.name": "release" }, ["session"]],
    ["plan", {}, []],
    ["brand_new", {}, ["opaque"]],
  ])("%s is what it is", (operation, values, classes) => {
    expect(only(operation, values)).toEqual(classes);
  });

  test("that nobody knows is drift, by its name", () => {
    const told = tell(span("x", { "gen_ai.operation.name": "brand_new" }));
    expect(told.drift).toMatchObject([
      { agent: "my-agent", kind: "unknown_event", name: "brand_new" },
    ]);
  });
});

describe("the proposals for guardrails and gates, marked as in development:", () => {
  const approval = (values: Attributes) =>
    facts(span("any", values)).find(({ class: name }) => name === "approval");

  test("a guardrail's action wins over its verdict, and stands on the call it names", () => {
    const said = approval({
      "gen_ai.operation.name": "run_guardrail",
      "gen_ai.guardrail.verdict.type": "warn",
      "gen_ai.guardrail.action.type": "block",
      "gen_ai.guardrail.verdict.reason": "Looks like a secret.",
      "gen_ai.guardrail.target.subtype": "tool_call",
      "gen_ai.guardrail.target.id": "call_1",
    });
    expect(said).toMatchObject({
      call: "call_1",
      body: { verdict: "deny", by: "policy", raw: "block/guardrail" },
      content: { reason: "Looks like a secret." },
      attrs: { "convention.status": "development" },
    });
  });

  test("a guardrail that says nothing decided nothing", () => {
    expect(approval({ "gen_ai.operation.name": "run_guardrail" })).toBeUndefined();
  });

  test.each([
    ["deny", "deny", "denied"],
    ["simulate", "modified", "blocked"],
    ["allow", "allow", "executed"],
  ])("a gate that says %s", (disposition, verdict, status) => {
    const said = facts(
      span("execute_tool rm", {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "rm",
        "gen_ai.tool.call.id": "call_1",
        "gen_ai.agent.tool.disposition": disposition,
      }),
    );
    expect(bodies("approval", said)).toMatchObject([{ verdict, by: "policy" }]);
    expect(bodies("tool_call", said)).toMatchObject([{ status }]);
    expect(said.some((fact) => fact.class === "observation")).toBe(status === "executed");
  });
});

describe("a request to an MCP server", () => {
  const call = { "mcp.method.name": "tools/call", "gen_ai.tool.name": "get_weather" };
  const client = { kind: 3, span: "00000000000000d1", parent: "00000000000000a1" };
  const server = { kind: 2, span: "00000000000000d2", parent: "00000000000000d1" };

  test("is one call from both of its ends, and decided once", () => {
    const said = facts(span("tools/call", call, client), span("tools/call", call, server));
    const calls = said.flatMap((fact) => (fact.class === "tool_call" ? [fact.call] : []));
    expect(calls).toEqual(["span:00000000000000d1", "span:00000000000000d1"]);
    expect(bodies("tool_call", said).every(({ kind, primary }) => kind === "mcp" && !primary)).toBe(
      true,
    );
    expect(bodies("decision", said)).toHaveLength(1);
  });

  test("two of one step are two calls", () => {
    const said = facts(
      span("tools/call", call, client),
      span("tools/call", call, { ...client, span: "00000000000000d3" }),
    );
    expect(new Set(said.flatMap((fact) => fact.call ?? [])).size).toBe(2);
  });

  test("whose attributes stand on the agent's own span of the tool is that tool's call", () => {
    const said = facts(
      span("execute_tool get_weather", {
        ...call,
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.call.id": "call_1",
      }),
    );
    expect(said.map(({ call }) => call)).toEqual(["call_1", "call_1", "call_1"]);
    expect(bodies("tool_call", said)).toMatchObject([{ kind: "mcp", primary: true }]);
  });

  test("of another method is no call; one of an unknown method is kept", () => {
    const other = (method: string) =>
      facts(span(method, { "mcp.method.name": method }, client)).map((fact) => fact.class);
    expect(other("tools/list")).toEqual([]);
    expect(other("resources/read")).toEqual(["observation"]);
    expect(other("elicitation/create")).toEqual(["session"]);
    expect(other("tools/steal")).toEqual(["opaque"]);
    expect(other("__proto__")).toEqual(["opaque"]);
  });
});

// The API's spans were never captured: these are made, by Anthropic's span reference (beta), and UNVERIFIED.
describe("spans of the Claude API, made by its reference", () => {
  const api = { scope: "com.anthropic.claude-platform" };

  test("a tool use inside a managed session is a call in that session", () => {
    const said = facts(
      span(
        "anthropic.tool_use bash",
        {
          "gen_ai.operation.name": "execute_tool",
          "gen_ai.provider.name": "anthropic",
          "gen_ai.tool.name": "bash",
          "gen_ai.tool.call.id": "toolu_1",
          "gen_ai.conversation.id": "sesn_1",
          "anthropic.organization.id": "org_1",
        },
        api,
      ),
    );
    expect(said.find((fact) => fact.class === "tool_call")).toMatchObject({
      session: "sesn_1",
      call: "toolu_1",
      body: { tool: "bash", kind: "exec", status: "executed", arguments_state: "withheld" },
      claimed: { "anthropic.organization.id": "org_1" },
    });
  });

  test("a request that no model answers is counted, and a span of neither kind is kept", () => {
    expect(facts(span("anthropic.files.list", { "http.route": "/v1/files" }, api))).toEqual([]);
    const kept = facts(span("anthropic.brand_new", { "anthropic.new": "x" }, api));
    expect(kept.map((fact) => fact.class)).toEqual(["opaque"]);
  });
});
