import type { SignalView } from "@custody/model";
import { decodeAgentsTraces, decodeOtlp } from "@custody/otlp";
import { expect, test } from "vitest";
import { type Named, tell } from "./captured-items.ts";

// What libraries send when somebody means ill, or instruments twice: claims about OpenInference, OpenLLMetry and the OpenAI Agents SDK.

type Attributes = Readonly<Record<string, string | number | boolean>>;

interface Made {
  readonly attributes: Attributes;
  readonly name?: string;
  readonly span?: string;
  readonly parent?: string;
  readonly scope?: string;
  readonly error?: string;
}

const trace = "0102030405060708090a0b0c0d0e0f10";

function spans(...made: readonly Made[]): readonly SignalView[] {
  const anyValue = (value: string | number | boolean): object =>
    typeof value === "string"
      ? { stringValue: value }
      : typeof value === "number"
        ? { intValue: String(value) }
        : { boolValue: value };
  const scopeSpans = made.map(({ attributes, name, span, parent, scope, error }) => ({
    scope: { name: scope ?? "app" },
    spans: [
      {
        traceId: trace,
        spanId: span ?? "0102030405060708",
        parentSpanId: parent ?? "",
        name: name ?? "span",
        startTimeUnixNano: "1795418885658128477",
        endTimeUnixNano: "1795418886658128477",
        attributes: Object.entries(attributes).map(([key, value]) => ({
          key,
          value: anyValue(value),
        })),
        ...(error === undefined ? {} : { status: { code: 2, message: error } }),
      },
    ],
  }));
  const bytes = new TextEncoder().encode(JSON.stringify({ resourceSpans: [{ scopeSpans }] }));
  const answer = decodeOtlp("traces", "json", bytes);
  if (answer.outcome !== "ok") throw new Error(answer.reason);
  return answer.items;
}

const of = (name: string, facts: readonly Named[]): readonly Named[] =>
  facts.filter(({ fact }) => fact.class === name);

const flat = "llm.output_messages";
const call = (message: number, at: number): string =>
  `${flat}.${message}.message.tool_calls.${at}.tool_call`;

function chosenBy(attributes: Attributes): readonly (string | undefined)[] {
  const { facts } = tell(
    spans({ attributes: { "openinference.span.kind": "LLM", ...attributes } }),
  );
  return of("decision", facts).map(({ fact }) => fact.call);
}

test("flattened calls are read in the order of their indexes, over gaps and whatever the order of the attributes", () => {
  expect(
    chosenBy({
      [`${call(7, 3)}.function.name`]: "bash",
      [`${call(7, 3)}.id`]: "call_3",
      [`${call(2, 0)}.id`]: "call_1",
      [`${call(2, 0)}.function.name`]: "bash",
      [`${call(7, 1)}.id`]: "call_2",
      [`${call(7, 1)}.function.name`]: "bash",
    }),
  ).toEqual(["call_1", "call_2", "call_3"]);
});

test("a huge index makes no list of that length, and one beyond nine digits is content", () => {
  const started = process.hrtime.bigint();
  expect(
    chosenBy({
      [`${call(999_999_999, 999_999_999)}.id`]: "call_far",
      [`${call(999_999_999, 999_999_999)}.function.name`]: "bash",
    }),
  ).toEqual(["call_far"]);
  expect(
    chosenBy({
      [`${call(10_000_000_000, 0)}.id`]: "call_off",
      [`${call(10_000_000_000, 0)}.function.name`]: "bash",
    }),
  ).toEqual([]);
  expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(5_000);
});

test("an answer of thousands of calls is read up to a bound, and kept whole", () => {
  const many = Object.fromEntries(
    Array.from({ length: 4_000 }, (_, at) => [
      [`${call(0, at)}.id`, `call_${at}`],
      [`${call(0, at)}.function.name`, "bash"],
    ]).flat() as [string, string][],
  );
  const { facts } = tell(spans({ attributes: { "openinference.span.kind": "LLM", ...many } }));
  expect(of("decision", facts).length).toBe(128);
  expect(of("inference", facts)[0]?.fact.content?.["response"]?.length).toBeGreaterThan(50_000);
});

test("names of indexes that every object inherits are ordinary names", () => {
  expect(
    chosenBy({
      [`${flat}.__proto__.message.tool_calls.0.tool_call.id`]: "x",
      [`${flat}.0.constructor`]: "y",
    }),
  ).toEqual([]);
});

test("JSON that nests a hundred thousand deep is content, and nothing is read from it", () => {
  const deep = `{"choices":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  for (const kind of ["LLM", "TOOL", "AGENT"]) {
    const { facts } = tell(
      spans({
        attributes: {
          "openinference.span.kind": kind,
          "tool.name": "bash",
          "input.value": deep,
          "output.value": deep,
        },
      }),
    );
    expect(facts.length).toBeGreaterThan(0);
    expect(of("opaque", facts)).toEqual([]);
  }
});

test("a masked value is withheld, wherever it stands, and is never taken for content", () => {
  const masked = { "input.value": "__REDACTED__", "output.value": "__REDACTED__" };
  const { facts } = tell(
    spans(
      { span: "0102030405060701", attributes: { "openinference.span.kind": "AGENT", ...masked } },
      {
        span: "0102030405060702",
        attributes: { "openinference.span.kind": "TOOL", "tool.name": "bash", ...masked },
      },
      { span: "0102030405060703", attributes: { "openinference.span.kind": "LLM", ...masked } },
    ),
  );
  expect(JSON.stringify(facts)).not.toContain("__REDACTED__");
  expect(facts.map(({ fact }) => fact.body)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ prompt_state: "withheld" }),
      expect.objectContaining({ tool: "bash", status: "executed", arguments_state: "withheld" }),
      expect.objectContaining({ state: "withheld", trust: "tool_output" }),
    ]),
  );
});

test("tokens on a run, a chain and a model call are counted once: only the model call is a response", () => {
  const tokens = { "llm.token_count.prompt": 1_000, "llm.token_count.completion": 40 };
  const { facts } = tell(
    spans(
      { span: "0102030405060701", attributes: { "openinference.span.kind": "AGENT", ...tokens } },
      {
        span: "0102030405060702",
        parent: "0102030405060701",
        attributes: { "openinference.span.kind": "CHAIN", ...tokens },
      },
      {
        span: "0102030405060703",
        parent: "0102030405060702",
        attributes: { "openinference.span.kind": "LLM", ...tokens },
      },
    ),
  );
  expect(of("inference", facts).length).toBe(1);
});

test("a framework and its client that both tell one response give it one name", () => {
  const chat = { id: "chatcmpl-1", choices: [] };
  const result = { generations: [[{ message: { kwargs: { id: "chatcmpl-1" } } }]] };
  const { facts } = tell(
    spans(
      {
        span: "0102030405060701",
        scope: "openinference.instrumentation.langchain",
        attributes: { "openinference.span.kind": "LLM", "output.value": JSON.stringify(result) },
      },
      {
        span: "0102030405060702",
        parent: "0102030405060701",
        scope: "openinference.instrumentation.openai",
        attributes: { "openinference.span.kind": "LLM", "output.value": JSON.stringify(chat) },
      },
    ),
  );
  expect(of("inference", facts).map(({ fact }) => fact.attrs?.["gen_ai.response.id"])).toEqual([
    "chatcmpl-1",
    "chatcmpl-1",
  ]);
});

test("a guardrail that was triggered refused by policy; one that does not say is counted and gave no verdict", () => {
  const guard = { "openinference.span.kind": "GUARDRAIL" };
  const told = tell(
    spans(
      { span: "0102030405060701", attributes: { ...guard, "guardrail.triggered": true } },
      { span: "0102030405060702", attributes: guard },
    ),
  );
  expect(of("approval", told.facts).map(({ fact }) => fact.body)).toEqual([
    { verdict: "deny", by: "policy", scope: "once", raw: "triggered/guardrail", primary: true },
  ]);
  expect(told.noise).toEqual(new Map([["openinference GUARDRAIL", 1]]));
});

test("a kind that nobody knows is kept whole", () => {
  const { facts } = tell(spans({ attributes: { "openinference.span.kind": "TELEPATHY" } }));
  expect(facts.map(({ fact }) => fact.class)).toEqual(["opaque"]);
});

const rejection = "Tool execution for call_9 was manually rejected by user.";

test("a tool that throws the SDK's words of a rejection was executed and failed", () => {
  const thrown = `Error running tool (non-fatal): {"tool_name":"rm","error":"${rejection}"}`;
  const { facts } = tell(
    spans({ error: thrown, attributes: { "openinference.span.kind": "TOOL", "tool.name": "rm" } }),
  );
  expect(of("approval", facts)).toEqual([]);
  expect(of("tool_call", facts)[0]?.fact.body).toMatchObject({ status: "error" });
});

test("a rejection names its call, was nobody's we can prove, and began nothing", () => {
  const said = `Not now: {"tool_name":"rm","error":"${rejection}"}`;
  const { facts } = tell(
    spans({ error: said, attributes: { "openinference.span.kind": "TOOL", "tool.name": "rm" } }),
  );
  expect(of("approval", facts)[0]?.fact).toMatchObject({
    call: "call_9",
    body: { verdict: "deny", by: "unknown" },
  });
  const [attempt] = of("tool_call", facts);
  expect(attempt?.fact).toMatchObject({ call: "call_9", body: { status: "denied" } });
  expect(attempt?.fact.body).not.toHaveProperty("exec_start");
  expect(of("observation", facts)).toEqual([]);
});

test("OpenLLMetry's older names say the same as its newer ones", () => {
  const older = {
    "gen_ai.system": "OpenAI",
    "llm.request.type": "chat",
    "gen_ai.request.model": "gpt-4",
    "gen_ai.usage.prompt_tokens": 1_000,
    "gen_ai.usage.completion_tokens": 40,
    "gen_ai.prompt.0.role": "user",
    "gen_ai.prompt.0.content": "List files",
    "gen_ai.completion.0.role": "assistant",
    "gen_ai.completion.0.tool_calls.0.id": "call_1",
    "gen_ai.completion.0.tool_calls.0.name": "bash",
    "gen_ai.completion.0.tool_calls.0.arguments": '{"command":"ls"}',
    "traceloop.association.properties.session_id": "session-1",
  };
  const { facts } = tell(spans({ attributes: older }));
  expect(facts.map(({ dialect }) => dialect)).toEqual(["traceloop", "traceloop"]);
  expect(of("inference", facts)[0]?.fact).toMatchObject({
    session: "session-1",
    body: { primary: true, provider: "OpenAI", input_tokens: 1_000, output_tokens: 40 },
  });
  expect(of("decision", facts)[0]?.fact).toMatchObject({
    call: "call_1",
    content: { arguments: '{"command":"ls"}' },
  });
});

test("spans of others that OpenLLMetry's processor marked stay with whoever knows them", () => {
  const marks = { "traceloop.workflow.name": "w", "http.request.method": "GET" };
  const { facts } = tell(spans({ attributes: marks }));
  expect(facts.map(({ dialect }) => dialect)).toEqual(["opaque"]);
});

function agentsTraces(data: unknown): readonly SignalView[] {
  const bytes = new TextEncoder().encode(JSON.stringify({ data }));
  const answer = decodeAgentsTraces(bytes, { userAgent: undefined });
  if (answer.outcome !== "ok") throw new Error(answer.reason);
  return answer.items;
}

const agentsSpan = (spanData: object, more: object = {}): object => ({
  object: "trace.span",
  id: "span_0123456789abcdef01234567",
  trace_id: `trace_${trace}`,
  parent_id: null,
  started_at: "2026-11-23T12:11:13.906000+00:00",
  ended_at: "2026-11-23T12:11:14Z",
  span_data: spanData,
  error: null,
  ...more,
});

test("the SDK's own export keeps trace ids, and derives span ids that stay the same", () => {
  const [item] = agentsTraces([agentsSpan({ type: "function", name: "rm", input: "{}" })]);
  expect(item).toMatchObject({
    traceId: trace,
    spanId: "0123456789abcdef",
    start: "2026-11-23T12:11:13.906000000Z",
  });
  const odd = (): unknown =>
    agentsTraces([agentsSpan({ type: "agent" }, { id: "mine", trace_id: "trace_ZZ" })])[0];
  expect((odd() as { spanId: string }).spanId).toMatch(/^[0-9a-f]{16}$/);
  expect((odd() as { traceId: string }).traceId).toBe((odd() as { traceId: string }).traceId);
});

test("what the SDK's own export holds beside its objects is kept whole, whatever it is", () => {
  const odd = [7, null, "x", [], {}, { object: "trace.span" }, agentsSpan({ type: "telepathy" })];
  const { facts } = tell(agentsTraces(odd));
  expect(facts.map(({ fact }) => fact.class)).toEqual(odd.map(() => "opaque"));
});

test("the usage of a task is the sum of its turns, and is not counted beside them", () => {
  const usage = { input_tokens: 1_000, output_tokens: 40, cached_input_tokens: 0 };
  const custom = (kind: string, id: string): object =>
    agentsSpan(
      { type: "custom", name: kind, data: { sdk_span_type: kind, usage } },
      { id: `span_${id.repeat(24)}` },
    );
  const { facts } = tell(agentsTraces([custom("task", "a"), custom("turn", "b")]));
  expect(of("inference", facts).map(({ fact }) => fact.span)).toEqual(["b".repeat(16)]);
  expect(of("turn", facts).length).toBe(1);
});

test("a body that is none is refused with its place", () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const sender = { userAgent: undefined };
  for (const text of ["", "[]", '{"data":{}}', '{"Data":[]}', `{"data":${"[".repeat(1_000)}`]) {
    expect(decodeAgentsTraces(bytes(text), sender).outcome, text.slice(0, 20)).toBe("malformed");
  }
  expect(decodeAgentsTraces(bytes('{"data":[]}'), sender)).toEqual({
    outcome: "ok",
    items: [],
    repaired: 0,
  });
});
