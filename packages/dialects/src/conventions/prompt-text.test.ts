import { expect, test } from "vitest";
import { promptText } from "./prompt-text.ts";

const user = { role: "user", content: "List files" };

test.each<[string, unknown]>([
  ["GenAI parts", [{ role: "user", parts: [{ type: "text", content: "List files" }] }]],
  ["OpenAI Chat", [{ role: "system", content: "Be brief." }, user]],
  ["Anthropic", [{ role: "user", content: [{ type: "text", text: "List files" }] }]],
  ["LangChain", { messages: [{ role: "human", content: "List files" }] }],
  ["OpenInference", [{ message: { role: "user", content: "List files" } }]],
  [
    "OpenInference contents",
    [
      {
        message: {
          role: "user",
          contents: [{ message_content: { type: "text", text: "List files" } }],
        },
      },
    ],
  ],
  ["AI SDK with a prompt", { system: "Be brief.", prompt: "List files" }],
  ["AI SDK with messages", { messages: [user] }],
])("the prompt of messages in the form of %s is what the user wrote", (_form, input) => {
  expect(promptText(JSON.stringify(input))).toBe("List files");
});

test("the prompt of a conversation is what the user wrote last", () => {
  const input = [
    { role: "user", content: "Earlier" },
    { role: "assistant", content: "Yes" },
    user,
    { role: "assistant", content: [{ type: "tool_use", id: "1", name: "ls", input: {} }] },
    { role: "tool", content: "README.md" },
  ];
  expect(promptText(JSON.stringify(input))).toBe("List files");
});

test.each(["List files", "{not json", '["a","b"]', '{"a":1}', "[]", ""])(
  "a text that is no list of messages, like %j, is the prompt itself",
  (text) => {
    expect(promptText(text)).toBe(text);
  },
);

test("hostile depth costs no more than its bound", () => {
  const deep = `${'{"messages":'.repeat(20_000)}[]${"}".repeat(20_000)}`;
  expect(promptText(deep)).toBe(deep);
});
