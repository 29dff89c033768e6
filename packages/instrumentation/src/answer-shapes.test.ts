import {
  createFakeModelServer,
  createOtlpReceiver,
  type ModelStep,
  type ReceivedSpan,
} from "@custody/testkit";
import { expect, test } from "vitest";
import { type AgentEnd, type ImportWay, runAgent } from "../../../test/support/agent-process.ts";

interface Script {
  readonly agent: string;
  readonly steps: readonly ModelStep[];
  readonly args?: readonly string[];
}

async function observe(
  { agent, steps, args = [] }: Script,
  way: ImportWay,
): Promise<{ end: AgentEnd; spans: readonly ReceivedSpan[]; bodies: unknown }> {
  const [model, receiver] = await Promise.all([
    createFakeModelServer({ steps }),
    createOtlpReceiver(),
  ]);
  try {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    const end = await runAgent({ agent, way, modelUrl: model.url, args, env });
    return { end, spans: receiver.spans(), bodies: model.requests.map(({ body }) => body) };
  } finally {
    await Promise.all([model.close(), receiver.close()]);
  }
}

/** The agent with the import does, prints and asks for exactly what it does without. */
async function observeBoth(script: Script): Promise<readonly ReceivedSpan[]> {
  const plain = await observe(script, "none");
  const watched = await observe(script, "first line");
  const { durationMs: _plain, ...plainEnd } = plain.end;
  const { durationMs: _watched, ...watchedEnd } = watched.end;
  // Stack traces of an uncaught error name the agent's folder and, one line lower, its file.
  const folder = /custody-agent-\w+|mjs:\d+/g;
  expect({ ...watchedEnd, stderr: watchedEnd.stderr.replaceAll(folder, "") }).toEqual({
    ...plainEnd,
    stderr: plainEnd.stderr.replaceAll(folder, ""),
  });
  expect(watched.bodies).toEqual(plain.bodies);
  return watched.spans;
}

const looking: readonly ModelStep[] = [
  {
    say: "I will look at two folders.",
    calls: [
      { id: "call_one", tool: "list", arguments: { folder: "one", deep: true } },
      { id: "call_two", tool: "list", arguments: { folder: "two" } },
    ],
    usage: { input: 21, output: 9 },
  },
  { say: "Two files each.", usage: { input: 30, output: 4 } },
];

/** What every protocol must show of `looking`: name, call, arguments or result. */
const looked = [
  ["session", undefined, undefined],
  ["turn", undefined, undefined],
  ["inference", undefined, 21],
  ["decision", "call_one", '{"folder":"one","deep":true}'],
  ["decision", "call_two", '{"folder":"two"}'],
  ["tool_call", "call_one", "two files"],
  ["observation", "call_one", 9],
  ["tool_call", "call_two", "two files"],
  ["observation", "call_two", 9],
  ["inference", undefined, 30],
  ["session", undefined, undefined],
];

function gist({ attributes }: ReceivedSpan): unknown[] {
  const telling: Readonly<Record<string, string>> = {
    inference: "gen_ai.usage.input_tokens",
    decision: "gen_ai.tool.call.arguments",
    tool_call: "gen_ai.tool.call.result",
    observation: "custody.observation.bytes",
  };
  const kind = String(attributes["custody.span.kind"]);
  return [kind, attributes["custody.call.id"], attributes[telling[kind] ?? ""]];
}

const protocols: readonly (readonly [string, Script])[] = [
  ["streamed chat completions", { agent: "chat-stream.mjs", steps: looking }],
  ["responses", { agent: "responses-loop.mjs", steps: looking }],
  ["streamed responses", { agent: "responses-loop.mjs", steps: looking, args: ["stream"] }],
];

test.each(protocols)("%s show the same decisions, calls and observations", async (_, script) => {
  const spans = await observeBoth(script);
  expect(spans.map(gist)).toEqual(looked);
  const decision = spans[3]?.attributes;
  expect(decision?.["custody.decision.reason"]).toBe("I will look at two folders.");
});

test("a streamed answer says when its first chunk came", async () => {
  const spans = await observeBoth({ agent: "chat-stream.mjs", steps: looking });
  const inference = spans[2];
  const first = Number(inference?.attributes["gen_ai.response.time_to_first_chunk"]);
  const wholeS = Number((inference?.endNs ?? 0n) - (inference?.startNs ?? 0n)) / 1e9;
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThanOrEqual(wholeS);
  expect(inference?.attributes["gen_ai.request.stream"]).toBe(true);
});

test("every way the package offers to take an answer works as before, and each answer is read once", async () => {
  const say: ModelStep = { say: "a word", usage: { input: 1, output: 1 } };
  const list: ModelStep = { calls: [{ id: "call_list", tool: "list", arguments: {} }] };
  const steps = [say, say, say, say, say, say, say, say, list, say, say];
  const spans = await observeBoth({ agent: "many-ways.mjs", steps });
  const kinds = spans.map((span) => span.attributes["custody.span.kind"]);
  expect(kinds.filter((kind) => kind === "inference")).toHaveLength(steps.length);
  expect(spans.filter(({ name }) => name.endsWith("list")).map((span) => span.name)).toEqual([
    "decide list",
    "execute_tool list",
    "observe list",
  ]);
  const unread = spans.filter(
    ({ name, attributes }) => name === "chat gpt-5.5" && !attributes["gen_ai.response.id"],
  );
  expect(unread).toEqual([]);
});

test("failures reach the agent as they are, and the inference says what failed, never with a message", async () => {
  const steps: readonly ModelStep[] = [
    { error: { status: 500, code: "overloaded", message: "the secret of the house" } },
    { hang: true },
    { say: "a long answer that is cut off in the middle", cutAfterFrames: 2 },
    { error: { status: 401, message: "no such key" } },
  ];
  const spans = await observeBoth({ agent: "failures.mjs", steps });
  const inferences = spans.filter((span) => span.attributes["custody.span.kind"] === "inference");
  expect(inferences.map(({ error, attributes }) => [error, attributes["error.type"]])).toEqual([
    [true, "500"],
    [true, "APIUserAbortError"],
    [true, "APIConnectionError"],
    [true, "401"],
  ]);
  const text = JSON.stringify(spans.map((span) => span.attributes));
  expect(text).not.toContain("the secret of the house");
});
