import { expect, test } from "vitest";
import { chosenCalls } from "./chosen-calls.ts";
import { messageLimits } from "./message-limits.ts";

const call = { id: "call_1", tool: "bash", arguments: '{"command":"ls"}' };
const args = { command: "ls" };
const argsText = JSON.stringify(args);

test.each<[string, unknown]>([
  [
    "OpenTelemetry GenAI parts",
    [
      {
        role: "assistant",
        parts: [
          { type: "text", content: "Looking." },
          { type: "tool_call", id: "call_1", name: "bash", arguments: args },
        ],
        finish_reason: "tool_call",
      },
    ],
  ],
  [
    "OpenAI Chat",
    {
      role: "assistant",
      content: null,
      tool_calls: [
        { id: "call_1", type: "function", function: { name: "bash", arguments: argsText } },
      ],
    },
  ],
  [
    "a GenAI choice event",
    {
      index: 0,
      finish_reason: "tool_calls",
      message: {
        role: "assistant",
        tool_calls: [
          { id: "call_1", type: "function", function: { name: "bash", arguments: args } },
        ],
      },
    },
  ],
  [
    "OpenAI Chat, the whole response",
    {
      choices: [
        {
          message: {
            role: "assistant",
            tool_calls: [{ id: "call_1", function: { name: "bash", arguments: argsText } }],
          },
        },
      ],
    },
  ],
  [
    "OpenAI Responses, where the item has an id too",
    {
      output: [
        {
          type: "function_call",
          id: "fc_9",
          call_id: "call_1",
          name: "bash",
          arguments: argsText,
        },
      ],
    },
  ],
  [
    "Anthropic",
    {
      role: "assistant",
      content: [
        { type: "text", text: "Looking." },
        { type: "tool_use", id: "call_1", name: "bash", input: args },
      ],
    },
  ],
  [
    "Bedrock",
    {
      output: {
        message: {
          role: "assistant",
          content: [{ toolUse: { toolUseId: "call_1", name: "bash", input: args } }],
        },
      },
    },
  ],
  [
    "Gemini with an id",
    {
      candidates: [
        { content: { parts: [{ functionCall: { id: "call_1", name: "bash", args } }] } },
      ],
    },
  ],
  ["AI SDK 5 to 7", [{ toolCallId: "call_1", toolName: "bash", input: argsText }]],
  [
    "AI SDK 4",
    [{ toolCallType: "function", toolCallId: "call_1", toolName: "bash", args: argsText }],
  ],
  [
    "LangChain",
    {
      kwargs: {
        tool_calls: [{ name: "bash", args, id: "call_1", type: "tool_call" }],
        additional_kwargs: {
          tool_calls: [{ id: "call_1", function: { name: "bash", arguments: argsText } }],
        },
      },
    },
  ],
  [
    "flattened by OpenInference",
    [
      {
        message: {
          role: "assistant",
          tool_calls: [
            { tool_call: { id: "call_1", function: { name: "bash", arguments: argsText } } },
          ],
        },
      },
    ],
  ],
  [
    "flattened by OpenLLMetry",
    [{ role: "assistant", tool_calls: [{ id: "call_1", name: "bash", arguments: argsText }] }],
  ],
])(
  "the call of an answer in the form of %s is read once, under the model's id",
  (_form, answer) => {
    expect(chosenCalls(JSON.stringify(answer))).toEqual([call]);
  },
);

test("several calls of one answer keep their order", () => {
  const answer = [
    { type: "tool_call", id: "b", name: "second", arguments: {} },
    { type: "tool_call", id: "a", name: "first", arguments: {} },
  ];
  expect(chosenCalls(JSON.stringify([{ role: "assistant", parts: answer }]))).toMatchObject([
    { id: "b", tool: "second" },
    { id: "a", tool: "first" },
  ]);
});

test("what others said in an answer that repeats the conversation is nobody's decision", () => {
  const quoted = { type: "tool_call", id: "x", name: "rm", arguments: {} };
  const answer = [
    { role: "user", parts: [quoted] },
    { role: "tool", tool_calls: [quoted] },
    { role: "assistant", parts: [{ type: "text", content: "Done with tool_call." }] },
  ];
  expect(chosenCalls(JSON.stringify(answer))).toEqual([]);
});

test("a call that is quoted in a text, in arguments or in a result is no call", () => {
  const quoted = { type: "tool_call", id: "x", name: "rm", arguments: {} };
  const answer = [
    {
      role: "assistant",
      parts: [
        { type: "text", content: JSON.stringify([quoted]) },
        { type: "tool_call", id: "call_1", name: "write", arguments: { content: [quoted] } },
        { type: "tool_call_response", id: "call_0", response: [quoted] },
        { type: "tool_result", tool_use_id: "call_0", name: "bash" },
        { type: "tool-result", toolCallId: "call_0", toolName: "bash", result: {} },
      ],
    },
  ];
  expect(chosenCalls(JSON.stringify(answer)).map(({ id }) => id)).toEqual(["call_1"]);
});

test("a call without an id or without a name is not given one", () => {
  const answer = [
    { role: "model", parts: [{ functionCall: { name: "bash", args } }] },
    { role: "assistant", tool_calls: [{ id: "call_1", function: { arguments: "{}" } }] },
  ];
  expect(chosenCalls(JSON.stringify(answer))).toEqual([]);
});

test("a call may have no arguments", () => {
  const answer = [{ type: "tool_call", id: "call_1", name: "now" }];
  expect(chosenCalls(JSON.stringify(answer))).toEqual([
    { id: "call_1", tool: "now", arguments: undefined },
  ]);
});

test.each([
  "tool",
  '[{"type":"tool_call"',
  '{"tool_calls":',
  '"tool_call"',
  '{"tool_calls":{"__proto__":{"id":"x","name":"y"}}}',
  '{"tool_calls":[null,1,"x",[],{"id":1,"name":{}}]}',
  '[{"type":"tool_call","id":["x"],"name":{"toString":1}}]',
])("the text %s holds no call and breaks nothing", (text) => {
  expect(chosenCalls(text)).toEqual([]);
});

test("hostile depth, width and size cost no more than their bounds", () => {
  const deep = `${'{"message":'.repeat(50_000)}{"tool_calls":[{"id":"x","name":"y"}]}${"}".repeat(50_000)}`;
  expect(chosenCalls(deep)).toEqual([]);
  const wide = JSON.stringify(
    Array.from({ length: 10_000 }, (_, n) => ({ type: "tool_call", id: `c${n}`, name: "t" })),
  );
  expect(chosenCalls(wide)).toHaveLength(messageLimits.callsMax);
  const large = `[{"type":"tool_call","id":"x","name":"y","arguments":"${"a".repeat(messageLimits.parsedCharsMax)}"}]`;
  expect(chosenCalls(large)).toEqual([]);
});
