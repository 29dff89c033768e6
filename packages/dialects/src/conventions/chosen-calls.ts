import { messageLimits } from "./message-limits.ts";
import { isMembers, type Members, member, parsedMessages, textOfValue } from "./message-text.ts";

/** A tool call that a model's answer holds, under the id the model gave it. */
export interface ChosenCall {
  readonly id: string;
  readonly tool: string;
  readonly arguments: string | undefined;
}

/** What a call is called as a part of a message: OTel GenAI, Anthropic, OpenAI Responses, AI SDK, LangChain. */
const callTypes: ReadonlySet<unknown> = new Set([
  "tool_call",
  "tool-call",
  "tool_use",
  "function_call",
  "custom_tool_call",
  "server_tool_call",
  "server_tool_use",
]);

/** Members that hold a call's name and arguments: OpenAI Chat, Bedrock, Gemini, OTel GenAI's server-side calls. */
const holders = ["function", "custom", "toolUse", "functionCall", "server_tool_call"] as const;

/** `call_id` before `id`: in OpenAI's Responses the latter names the item, not the call. */
const idNames = ["call_id", "toolCallId", "tool_call_id", "toolUseId", "id"] as const;
const toolNames = ["name", "toolName", "tool_name", "function.name"] as const;
const argumentNames = ["arguments", "args", "input", "function.arguments", "parameters"] as const;

/** Where a message, an answer or a list of calls may be. Arguments and results are never among them: they may quote a call. */
const containers = [
  "message",
  "messages",
  "parts",
  "content",
  "contents",
  "message_content",
  "choices",
  "candidates",
  "output",
  "generations",
  "kwargs",
  "additional_kwargs",
] as const;

/** Whatever is in one of these is a call, whether it says so or not. */
const callLists = ["tool_calls", "toolCalls", "tool_call"] as const;

/** Who does not decide: a conversation repeated in an answer holds what others said. */
const otherRoles: ReadonlySet<unknown> = new Set([
  "user",
  "human",
  "system",
  "developer",
  "tool",
  "function",
]);

interface Walk {
  readonly calls: Map<string, ChosenCall>;
  values: number;
}

/** The calls an answer chose, in its order, each id once; in any of the forms that conventions write. */
export function chosenCalls(answer: string): readonly ChosenCall[] {
  // Most answers are prose: they are not parsed.
  if (!answer.includes("tool") && !answer.includes("unction")) return [];
  const walk: Walk = { calls: new Map(), values: 0 };
  visit(parsedMessages(answer), walk, 0, false);
  return [...walk.calls.values()];
}

function visit(value: unknown, walk: Walk, depth: number, listed: boolean): void {
  if (
    depth > messageLimits.depthMax ||
    walk.values++ > messageLimits.valuesMax ||
    walk.calls.size >= messageLimits.callsMax
  ) {
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) visit(item, walk, depth + 1, listed);
    return;
  }
  if (!isMembers(value) || otherRoles.has(member(value, "role"))) return;
  const call = callOf(value, listed);
  if (call !== undefined) {
    if (!walk.calls.has(call.id)) walk.calls.set(call.id, call);
    return;
  }
  for (const name of containers) {
    if (Object.hasOwn(value, name)) visit(value[name], walk, depth + 1, false);
  }
  for (const name of callLists) {
    if (Object.hasOwn(value, name)) visit(value[name], walk, depth + 1, true);
  }
}

function callOf(value: Members, listed: boolean): ChosenCall | undefined {
  const held = holderOf(value);
  const type = member(value, "type");
  const says =
    callTypes.has(type) ||
    held !== undefined ||
    listed ||
    (type === undefined && Object.hasOwn(value, "toolCallId"));
  if (!says) return undefined;
  const id = firstText(value, idNames) ?? (held && firstText(held, idNames));
  const tool = (held && firstText(held, toolNames)) ?? firstText(value, toolNames);
  // Without an id nothing ties the call to its execution; the answer keeps it as content.
  if (id === undefined || tool === undefined) return undefined;
  return { id, tool, arguments: argumentsOf(held) ?? argumentsOf(value) };
}

function holderOf(value: Members): Members | undefined {
  for (const name of holders) {
    const held = member(value, name);
    if (isMembers(held)) return held;
  }
  return undefined;
}

function firstText(of: Members, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = member(of, name);
    if (typeof text === "string" && text !== "") return text;
  }
  return undefined;
}

function argumentsOf(of: Members | undefined): string | undefined {
  if (of === undefined) return undefined;
  for (const name of argumentNames) {
    const text = textOfValue(member(of, name));
    if (text !== undefined) return text;
  }
  return undefined;
}
