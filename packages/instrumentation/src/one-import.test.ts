import {
  createFakeModelServer,
  createOtlpReceiver,
  type ModelStep,
  type ReceivedSpan,
} from "@custody/testkit";
import { expect, test } from "vitest";
import { type AgentEnd, type ImportWay, runAgent } from "../../../test/support/agent-process.ts";

/** Two calls at once, then one, then the answer. */
const steps: readonly ModelStep[] = [
  {
    say: "Adding and listing.",
    calls: [
      { id: "call_add", tool: "add", arguments: { a: 2, b: 40 } },
      { id: "call_list", tool: "list", arguments: {} },
    ],
    usage: { input: 11, output: 7, cached: 4, reasoning: 2 },
  },
  { calls: [{ id: "call_again", tool: "add", arguments: { a: 1, b: 1 } }] },
  { say: "All done." },
];

async function observe(
  agent: string,
  way: ImportWay,
  env: Readonly<Record<string, string>> = {},
  nested = false,
): Promise<{ end: AgentEnd; spans: readonly ReceivedSpan[] }> {
  const [model, receiver] = await Promise.all([
    createFakeModelServer({ steps }),
    createOtlpReceiver(),
  ]);
  try {
    const end = await runAgent({
      agent,
      way,
      nested,
      modelUrl: model.url,
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, CUSTODY_SESSION_ID: "session-1", ...env },
    });
    return { end, spans: receiver.spans() };
  } finally {
    await Promise.all([model.close(), receiver.close()]);
  }
}

const stdout = `call_add add 42
call_list list [ 'a.txt', 'b.txt' ]
call_again add 2
All done. 15
`;

/** name, call id, parent's name */
const expectedTree = [
  ["session example", undefined, undefined],
  ["invoke_agent example", undefined, "session example"],
  ["chat gpt-5.5", undefined, "invoke_agent example"],
  ["decide add", "call_add", "chat gpt-5.5"],
  ["decide list", "call_list", "chat gpt-5.5"],
  ["execute_tool add", "call_add", "invoke_agent example"],
  ["observe add", "call_add", "execute_tool add"],
  ["execute_tool list", "call_list", "invoke_agent example"],
  ["observe list", "call_list", "execute_tool list"],
  ["chat gpt-5.5", undefined, "invoke_agent example"],
  ["decide add", "call_again", "chat gpt-5.5"],
  ["execute_tool add", "call_again", "invoke_agent example"],
  ["observe add", "call_again", "execute_tool add"],
  ["chat gpt-5.5", undefined, "invoke_agent example"],
  ["session example", undefined, "session example"],
];

function treeOf(spans: readonly ReceivedSpan[]): unknown[] {
  const names = new Map(spans.map((span) => [span.spanId, span.name]));
  return spans.map((span) => [
    span.name,
    span.attributes["gen_ai.tool.call.id"],
    span.parentSpanId === undefined ? undefined : names.get(span.parentSpanId),
  ]);
}

const ways: readonly (readonly [string, ImportWay])[] = [
  ["chat-loop.mjs", "first line"],
  ["chat-loop.mjs", "--import"],
  ["chat-loop.cjs", "first line"],
  ["chat-loop.cjs", "--import"],
];

test.each(ways)(
  "an agent (%s, %s) prints and exits as without the import, and its whole loop is recorded",
  async (agent, way) => {
    const plain = await observe(agent, "none");
    expect(plain.spans).toEqual([]);
    expect(plain.end).toMatchObject({ stdout, stderr: "", exitCode: 0 });
    const { end, spans } = await observe(agent, way);
    expect(end).toMatchObject({ stdout, stderr: "", exitCode: 0 });
    expect(treeOf(spans)).toEqual(expectedTree);
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(1);
    expect(spans.map((span) => span.attributes["custody.src.seq"])).toEqual([...spans.keys()]);
  },
);

test("each span carries the names of the GenAI convention and the custody table", async () => {
  const { spans } = await observe("chat-loop.mjs", "first line");
  const [start, turn, inference, decision, , attempt, observation] = spans;
  const epoch = start?.attributes["custody.src.epoch"];
  const everywhere = {
    "custody.session.id": "session-1",
    "gen_ai.conversation.id": "session-1",
    "gen_ai.agent.name": "example",
    "custody.src.id": expect.stringMatching(/^example@/),
    "custody.src.epoch": epoch,
  };
  expect(epoch).toMatch(/^[0-9a-f]{16}$/);
  expect(start?.attributes).toEqual({
    ...everywhere,
    "custody.span.kind": "session",
    "custody.src.seq": 0,
    "custody.session.event": "start",
    "custody.session.workspace": expect.stringContaining("custody-agent-"),
  });
  expect(inference).toMatchObject({ kind: 3, scope: "@custody/instrumentation", error: false });
  expect(inference?.attributes).toEqual({
    ...everywhere,
    "custody.span.kind": "inference",
    "custody.src.seq": 2,
    "custody.turn.id": turn?.spanId,
    "custody.content": "withheld",
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-5.5",
    "gen_ai.response.id": "chatcmpl-fake-1",
    "gen_ai.response.model": "gpt-5.5",
    "gen_ai.response.finish_reasons": ["tool_calls"],
    "gen_ai.usage.input_tokens": 11,
    "gen_ai.usage.output_tokens": 7,
    "gen_ai.usage.cache_read.input_tokens": 4,
    "gen_ai.usage.reasoning.output_tokens": 2,
    "server.address": "127.0.0.1",
    "server.port": expect.any(Number),
  });
  const call = {
    "custody.turn.id": turn?.spanId,
    "custody.call.id": "call_add",
    "gen_ai.tool.call.id": "call_add",
    "gen_ai.tool.name": "add",
    "custody.content": "captured",
  };
  expect(decision?.attributes).toEqual({
    ...everywhere,
    ...call,
    "custody.span.kind": "decision",
    "custody.src.seq": 3,
    "gen_ai.tool.call.arguments": '{"a":2,"b":40}',
    "custody.decision.reason": "Adding and listing.",
  });
  const concluded = { "custody.inferred": true, "custody.inferred.why": "model_traffic" };
  expect(attempt).toMatchObject({ kind: 1, startNs: decision?.startNs });
  expect(attempt?.attributes).toEqual({
    ...everywhere,
    ...call,
    ...concluded,
    "custody.span.kind": "tool_call",
    "custody.src.seq": 5,
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.call.arguments": '{"a":2,"b":40}',
    "gen_ai.tool.call.result": "42",
    "custody.tool.status": "unknown",
  });
  expect(observation?.attributes).toEqual({
    ...everywhere,
    ...call,
    ...concluded,
    "custody.span.kind": "observation",
    "custody.src.seq": 6,
    "custody.observation.bytes": 2,
    // sha256sum of the two characters "42"
    "custody.observation.digest":
      "sha256:73475cb40a568e8da8a045ced110137e159f890ac4da883b6b17dc651b3a8049",
    "custody.observation.trust": "tool_output",
    "custody.observation.excerpt": "42",
  });
});

test("the content switch withholds arguments, results and reasons, and says so", async () => {
  const { spans } = await observe("chat-loop.mjs", "first line", {
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "false",
  });
  const text = JSON.stringify(spans, (_, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
  expect(text).not.toContain("Adding and listing");
  expect(text).not.toContain("a.txt");
  expect(text).not.toContain('\\"b\\"');
  const [, , , decision, , attempt, observation] = spans;
  for (const span of [decision, attempt, observation]) {
    expect(span?.attributes["custody.content"]).toBe("withheld");
  }
  expect(observation?.attributes["custody.observation.bytes"]).toBe(2);
});

test("switched on, the content of prompts and answers is kept with the requests that bring it", async () => {
  const { spans } = await observe("chat-loop.mjs", "first line", {
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true",
  });
  const [, turn, first, , , , , , , second] = spans;
  const asked = '[{"role":"user","parts":[{"type":"text","content":"add and list"}]}]';
  expect(turn?.attributes["gen_ai.input.messages"]).toBe(asked);
  expect(first?.attributes["gen_ai.input.messages"]).toBe(asked);
  expect(first?.attributes["gen_ai.output.messages"]).toContain("Adding and listing.");
  expect(second?.attributes["gen_ai.input.messages"]).toBeUndefined();
});

test("OTEL_SDK_DISABLED leaves nothing of it", async () => {
  const { end, spans } = await observe("chat-loop.mjs", "first line", {
    OTEL_SDK_DISABLED: "true",
    CUSTODY_DEBUG: "1",
  });
  expect(end).toMatchObject({ stdout, stderr: "", exitCode: 0 });
  expect(spans).toEqual([]);
});

test("OTEL_TRACES_SAMPLER never drops an audit span", async () => {
  const { spans } = await observe("chat-loop.mjs", "first line", {
    OTEL_TRACES_SAMPLER: "always_off",
  });
  expect(spans).toHaveLength(expectedTree.length);
});

test("an openai package loaded before the import is watched as well, with clients made before it", async () => {
  const { end, spans } = await observe("late-import.mjs", "none");
  expect(end).toMatchObject({ stdout: "Adding and listing.\n", stderr: "", exitCode: 0 });
  expect(spans.map((span) => span.name)).toContain("decide add");
});

test("an openai package that only a dependency of the agent resolves is watched with --import", async () => {
  const { end, spans } = await observe("chat-loop.mjs", "--import", {}, true);
  expect(end).toMatchObject({ stdout, stderr: "", exitCode: 0 });
  expect(treeOf(spans)).toEqual(expectedTree);
});
