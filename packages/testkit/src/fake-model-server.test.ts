import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";
import type { ModelStep } from "./fake-model/step.ts";
import { createFakeModelServer, type FakeModelServer } from "./fake-model-server.ts";

const open: FakeModelServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function clientFor(steps: readonly ModelStep[]) {
  const server = await createFakeModelServer({ steps });
  open.push(server);
  const client = new OpenAI({ apiKey: "fake-key", baseURL: server.url, maxRetries: 0 });
  return { client, server };
}

const step: ModelStep = {
  say: "I will read both files, one after the other.",
  calls: [
    { tool: "read", arguments: { path: "a.txt" } },
    { id: "call_b", tool: "read", arguments: { path: "b.txt" } },
  ],
  usage: { input: 12, output: 8, cached: 3, reasoning: 1 },
};
const messages = [{ role: "user" as const, content: "go" }];

test("the package's own stream assembly makes of the stream what the whole answer says", async () => {
  const { client } = await clientFor([step, step]);
  const whole = await client.chat.completions.create({ model: "m", messages });
  const stream = client.chat.completions.stream({
    model: "m",
    messages,
    stream_options: { include_usage: true },
  });
  const assembled = await stream.finalChatCompletion();
  expect(assembled.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
  const callsOf = (completion: typeof whole) =>
    completion.choices[0]?.message.tool_calls?.map((call) =>
      call.type === "function" ? [call.function.name, call.function.arguments] : [],
    );
  expect(callsOf(assembled)).toEqual(callsOf(whole));
  expect(callsOf(whole)).toEqual([
    ["read", '{"path":"a.txt"}'],
    ["read", '{"path":"b.txt"}'],
  ]);
  expect(assembled.usage).toEqual(whole.usage);
  expect(whole.usage?.total_tokens).toBe(20);
});

test("responses stream to the same end as the whole answer", async () => {
  const { client } = await clientFor([step, step]);
  const whole = await client.responses.create({ model: "m", input: "go" });
  const streamed = await client.responses.stream({ model: "m", input: "go" }).finalResponse();
  expect(whole.output_text).toBe("I will read both files, one after the other.");
  expect(streamed.output_text).toBe(whole.output_text);
  expect(streamed.output.map((item) => item.type)).toEqual([
    "message",
    "function_call",
    "function_call",
  ]);
  expect(streamed.usage).toEqual(whole.usage);
});

test("errors come when the script says so, and a request beyond the script is one", async () => {
  const { client, server } = await clientFor([{ error: { status: 429, message: "slow down" } }]);
  const ask = () => client.chat.completions.create({ model: "m", messages });
  await expect(ask()).rejects.toMatchObject({ status: 429, message: "429 slow down" });
  await expect(ask()).rejects.toMatchObject({ status: 500, code: "no_step_left" });
  expect(server.requests.map(({ path }) => path)).toEqual(Array(2).fill("/v1/chat/completions"));
  expect(server.requests[0]?.body).toEqual({ model: "m", messages });
});
