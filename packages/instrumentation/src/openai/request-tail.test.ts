import { expect, test } from "vitest";
import { chatCompletions } from "./chat-completions.ts";
import { responses } from "./responses.ts";

const user = (content: unknown) => ({ role: "user", content });
const calls = (...ids: string[]) => ({
  role: "assistant",
  content: null,
  tool_calls: ids.map((id) => ({
    id,
    type: "function",
    function: { name: "run", arguments: "{}" },
  })),
});
const result = (id: string, content: unknown) => ({ role: "tool", tool_call_id: id, content });

test("only what follows the assistant's last message is new", () => {
  const messages = [
    user("first"),
    calls("a"),
    result("a", "old"),
    calls("b", "c"),
    result("b", "x"),
    result("c", "y"),
  ];
  const read = chatCompletions.readRequest({ model: "m", messages });
  expect(read.results).toEqual([
    { call: "b", text: "x" },
    { call: "c", text: "y" },
  ]);
  expect(read.userText).toBeUndefined();
  expect(read.lastCalls.map((call) => call.call)).toEqual(["b", "c"]);
});

test("a user message after results is a new ask, and its parts are read as text", () => {
  const parts = [
    { type: "text", text: "look " },
    { type: "image_url", image_url: {} },
    { type: "text", text: "here" },
  ];
  const messages = [
    user("first"),
    calls("a"),
    result("a", [{ type: "text", text: "done" }]),
    user(parts),
  ];
  const read = chatCompletions.readRequest({ model: "m", messages });
  expect(read.results).toEqual([{ call: "a", text: "done" }]);
  expect(read.userText).toBe("look [image_url]here");
});

test("custom tools of chat completions are calls with their free text as arguments", () => {
  const message = {
    role: "assistant",
    tool_calls: [{ id: "c", type: "custom", custom: { name: "patch", input: "*** x" } }],
  };
  const read = chatCompletions.readAnswer({ choices: [{ message, finish_reason: "tool_calls" }] });
  expect(read.calls).toEqual([{ call: "c", tool: "patch", arguments: "*** x" }]);
});

test("a half-received streamed call is no decision", () => {
  const reader = chatCompletions.reader();
  const part = { index: 0, id: "c", function: { name: "run", arguments: '{"command":"rm -r' } };
  reader.take({ choices: [{ index: 0, delta: { tool_calls: [part] }, finish_reason: null }] });
  expect(reader.answer()).toMatchObject({ calls: [], complete: false });
  reader.take({ choices: [{ index: 0, delta: {}, finish_reason: "length" }] });
  expect(reader.answer()).toMatchObject({ complete: true, finishReasons: ["length"] });
});

test("responses: outputs of every kind of local call are results, and the model's items before them its last answer", () => {
  const input = [
    { role: "user", content: "go" },
    { type: "reasoning", id: "rs_1", summary: [] },
    { type: "function_call", call_id: "f", name: "run", arguments: "{}" },
    { type: "local_shell_call", call_id: "s", action: { command: ["ls"] } },
    { type: "function_call_output", call_id: "f", output: [{ type: "input_text", text: "ok" }] },
    { type: "local_shell_call_output", call_id: "s", output: "a.txt" },
  ];
  const read = responses.readRequest({ model: "m", input });
  expect(read.results).toEqual([
    { call: "f", text: "ok" },
    { call: "s", text: "a.txt" },
  ]);
  expect(read.lastCalls).toEqual([
    { call: "f", tool: "run", arguments: "{}" },
    { call: "s", tool: "local_shell", arguments: '{"command":["ls"]}' },
  ]);
  expect(read.userText).toBeUndefined();
});

test("responses: a string input is an ask", () => {
  expect(responses.readRequest({ model: "m", input: "go" }).userText).toBe("go");
});

test("responses: a tool the provider ran itself is known by its own id, with its outcome", () => {
  const output = [
    {
      type: "mcp_call",
      id: "mcp_1",
      name: "search",
      arguments: '{"q":"x"}',
      output: "found",
      error: null,
    },
    {
      type: "web_search_call",
      id: "ws_1",
      status: "completed",
      action: { type: "search", query: "x" },
    },
  ];
  expect(responses.readAnswer({ status: "completed", output }).calls).toEqual([
    {
      call: "mcp_1",
      tool: "search",
      arguments: '{"q":"x"}',
      byProvider: { output: "found", failed: false },
    },
    {
      call: "ws_1",
      tool: "web_search",
      arguments: '{"type":"search","query":"x"}',
      byProvider: { output: undefined, failed: false },
    },
  ]);
});

test.each([
  undefined,
  null,
  7,
  "text",
  {},
  { messages: 3, input: 4 },
  { messages: [null, 1], choices: [null] },
])("a body of no known shape is read as empty: %j", (body) => {
  for (const api of [chatCompletions, responses]) {
    expect(api.readRequest(body).results).toEqual([]);
    expect(api.readAnswer(body).calls).toEqual([]);
    const reader = api.reader();
    reader.take(body);
    expect(reader.answer().calls).toEqual([]);
  }
});
