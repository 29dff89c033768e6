import { isMembers, member, parsedMessages } from "./conventions/message-text.ts";
import { at } from "./conventions/response-id.ts";

/** What LangChain's ToolMessage says of the call it answers. */
export interface ToolMessage {
  readonly call: string;
  readonly content: string | undefined;
  readonly isError: boolean;
}

/** Where a ToolMessage stands in what instrumentations export: itself or under `output`, as a constructor or as plain members. */
const places: readonly (readonly string[])[] = [
  ["output", "kwargs"],
  ["output"],
  ["kwargs"],
  [],
  ["update", "messages", "0", "kwargs"],
  ["update", "messages", "0"],
];

/** Undefined where the result of a tool is no ToolMessage: then it names no call. */
export function toolMessage(text: string | undefined): ToolMessage | undefined {
  if (text?.includes('"tool_call_id"') !== true) return undefined;
  const value = parsedMessages(text);
  for (const place of places) {
    const message = at(value, place);
    const call = isMembers(message) ? member(message, "tool_call_id") : undefined;
    if (!isMembers(message) || typeof call !== "string" || call === "") continue;
    const content = member(message, "content");
    return {
      call,
      content: typeof content === "string" ? content : jsonOf(content),
      isError: member(message, "status") === "error",
    };
  }
  return undefined;
}

function jsonOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : JSON.stringify(value);
}
