import { expect, test } from "vitest";
import { verdictsIn } from "./verdicts.ts";

const call = (id: string, path: string) => ({
  type: "tool-call",
  toolCallId: id,
  toolName: "del",
  input: { path },
});
const asked = (id: string, approvalId: string) => ({
  type: "tool-approval-request",
  approvalId,
  toolCallId: id,
});
const answered = (approvalId: string, approved: boolean, reason?: string) => ({
  type: "tool-approval-response",
  approvalId,
  approved,
  ...(reason === undefined ? {} : { reason }),
});
const user = { role: "user", content: "Delete a.txt and b.txt" };
const answer = {
  role: "assistant",
  content: [call("c1", "a.txt"), call("c2", "b.txt"), asked("c1", "r1"), asked("c2", "r2")],
};
const read = (messages: readonly unknown[]) => verdictsIn(JSON.stringify({ messages }));

test("an answer to an approval request is a verdict on the call that the request named", () => {
  const responses = { role: "tool", content: [answered("r2", false, "no"), answered("r1", true)] };
  expect(read([user, answer, responses])).toEqual([
    {
      call: "c2",
      tool: "del",
      arguments: '{"path":"b.txt"}',
      approved: false,
      reason: "no",
      raw: "tool-approval-response/false",
      answered: true,
    },
    {
      call: "c1",
      tool: "del",
      arguments: '{"path":"a.txt"}',
      approved: true,
      reason: undefined,
      raw: "tool-approval-response/true",
      answered: true,
    },
  ]);
});

test("an answer to a request that nobody made decides nothing", () => {
  const stray = {
    role: "tool",
    content: [answered("r9", true), { type: "tool-approval-response" }],
  };
  expect(read([user, answer, stray])).toEqual([]);
});

test("a verdict that was taken up before the last answer is not read again", () => {
  const responses = { role: "tool", content: [answered("r1", true)] };
  const later = { role: "assistant", content: [{ type: "text", text: "Done." }] };
  expect(read([user, answer, responses, later])).toEqual([]);
  expect(read([user, answer, responses, later, user])).toEqual([]);
});

test("a result that says that execution was denied is a refusal", () => {
  const denied = {
    role: "tool",
    content: [
      {
        type: "tool-result",
        toolCallId: "c2",
        toolName: "del",
        output: { type: "execution-denied", reason: "no" },
      },
    ],
  };
  expect(read([user, answer, denied])).toMatchObject([
    { call: "c2", approved: false, raw: "execution-denied", answered: false },
  ]);
});

test("a tool that answers in words like those of a refusal has run", () => {
  const parts = [
    { type: "tool_call_response", id: "c1", response: { denied: true, rows: 0 } },
    { type: "tool_call_response", id: "c2", response: 'execution-denied {"denied":true}' },
  ];
  expect(verdictsIn(JSON.stringify([user, answer, { role: "tool", parts }]))).toEqual([]);
});

test.each([
  "execution-denied",
  '[{"role":"tool","parts":"execution-denied"}]',
  '{"messages":{"execution-denied":1}}',
  '[null,1,{"role":"assistant"},{"role":"tool","content":[null,{"output":"execution-denied"}]}]',
])("hostile messages %s say nothing and break nothing", (text) => {
  expect(verdictsIn(text)).toEqual([]);
});
