import { messageLimits } from "./message-limits.ts";
import { isMembers, type Members, member, parsedMessages } from "./message-text.ts";

/** Who asks. */
const askers: ReadonlySet<unknown> = new Set(["user", "human"]);

/** Where the messages of an input are, and where a message has its text. */
const inputMembers = ["messages", "prompt", "input"] as const;
const textMembers = ["content", "parts", "text", "contents", "message_content"] as const;

/**
 * What the user asked last, out of the messages that went to an agent: its conversation so far is in them as well. Text that is no list of
 * messages is the prompt itself.
 */
export function promptText(input: string): string {
  const value = parsedMessages(input);
  return (value === undefined ? undefined : asked(value, 0)) ?? input;
}

function asked(value: unknown, depth: number): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (depth > messageLimits.depthMax) return undefined;
  if (Array.isArray(value)) {
    const from = Math.max(0, value.length - messageLimits.valuesMax);
    for (let at = value.length - 1; at >= from; at--) {
      const text = askedIn(value[at]);
      if (text !== undefined) return text;
    }
    return undefined;
  }
  if (!isMembers(value)) return undefined;
  const own = askedIn(value);
  if (own !== undefined) return own;
  for (const name of inputMembers) {
    const text = asked(member(value, name), depth + 1);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The text of a message of a user; some wrap each message in an object of its own. */
function askedIn(value: unknown): string | undefined {
  if (!isMembers(value)) return undefined;
  const inner = member(value, "message");
  const message: Members = isMembers(inner) ? inner : value;
  if (!askers.has(member(message, "role"))) return undefined;
  const texts: string[] = [];
  collect(message, texts, 0);
  return texts.length === 0 ? undefined : texts.join("\n");
}

function collect(value: unknown, texts: string[], depth: number): void {
  if (depth > messageLimits.depthMax || texts.length >= messageLimits.valuesMax) return;
  if (typeof value === "string") {
    if (value !== "") texts.push(value);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, texts, depth + 1);
  } else if (isMembers(value)) {
    for (const name of textMembers) collect(member(value, name), texts, depth + 1);
  }
}
