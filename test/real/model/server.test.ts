import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import OpenAI from "openai";
import { expect, test } from "vitest";
import { createModelServer, type ModelServer } from "./server.ts";

const script = [
  { say: "Look.", calls: [{ tool: "shell", arguments: { cmd: "ls" } }] },
  { say: "Done." },
];
const tools = [{ name: "shell" }];

/** Lets `play` talk to a model server that is closed afterwards. */
async function played(play: (model: ModelServer) => Promise<void>): Promise<void> {
  const model = await createModelServer(script);
  try {
    await play(model);
  } finally {
    await model.close();
  }
}

async function post(url: string, body: unknown): Promise<string> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
  return response.text();
}

/** The JSON of each event of a stream. */
function events(stream: string): readonly Record<string, unknown>[] {
  const data = stream.split("\n").filter((line) => line.startsWith("data: "));
  return data.map((line) => JSON.parse(line.slice("data: ".length)) as Record<string, unknown>);
}

test("the script is one command, and `npm run test:real` is that command", () => {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, "utf8")) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  expect(scripts["test:real"]).toBe("node test/real/real.mjs");
  expect(existsSync(`${root}/test/real/real.mjs`)).toBe(true);
});

test("OpenAI's own client reads the stream of Responses, and its result is told back once", async () => {
  await played(async (model) => {
    const client = new OpenAI({ baseURL: `${model.url}/v1`, apiKey: "sk-played" });
    const shell = { type: "function", name: "shell", parameters: {}, strict: false } as const;
    const asked = { model: "gpt-5.5", tools: [shell], input: "Look." };
    const first = await client.responses.stream(asked).finalResponse();
    const call = first.output.find((item) => item.type === "function_call");
    expect(call).toMatchObject({ name: "shell", arguments: '{"cmd":"ls"}' });
    const call_id = call?.call_id ?? "";
    const result = { type: "function_call_output", call_id, output: "a.txt" } as const;
    const second = await client.responses.create({ ...asked, input: [result] });
    expect(second.output_text).toBe("Done.");
    expect(model.toldBack.get(call_id)).toEqual({ call: call_id, output: "a.txt", isError: false });
    expect(model.exchanges.map(({ usage }) => usage.input)).toEqual([
      first.usage?.input_tokens,
      second.usage?.input_tokens,
    ]);
  });
});

test("a stream of Messages opens, fills and closes each block, and ends with why it stopped", async () => {
  await played(async (model) => {
    const asked = { model: "claude-sonnet-4-5", stream: true, tools, messages: [] };
    const told = events(await post(`${model.url}/v1/messages`, asked));
    expect(told.map(({ type }) => type)).toEqual([
      "message_start",
      ...["content_block_start", "content_block_delta", "content_block_stop"],
      ...["content_block_start", "content_block_delta", "content_block_stop"],
      "message_delta",
      "message_stop",
    ]);
    expect(told.at(-2)).toMatchObject({ delta: { stop_reason: "tool_use" } });
    const [call] = model.exchanges[0]?.calls ?? [];
    const content = [{ type: "tool_result", tool_use_id: call?.id, content: "no", is_error: true }];
    await post(`${model.url}/v1/messages`, { ...asked, messages: [{ role: "user", content }] });
    expect([...model.toldBack.values()]).toEqual([{ call: call?.id, output: "no", isError: true }]);
  });
});

test("a request that offers no tools is asked beside the script and does not use it up", async () => {
  await played(async (model) => {
    await post(`${model.url}/v1/messages`, { messages: [], max_tokens: 1 });
    const path = "/v1beta/models/gemini-2.5-pro:streamGenerateContent";
    const [told] = events(await post(`${model.url}${path}`, { tools, contents: [] }));
    expect(JSON.stringify(told)).toContain('"functionCall"');
    expect(model.exchanges.map(({ main, say }) => [main, say])).toEqual([
      [false, "ok"],
      [true, "Look."],
    ]);
  });
});
