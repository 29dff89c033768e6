import {
  isMembers,
  type Members,
  member,
  parsedMessages,
  textOfValue,
} from "../conventions/message-text.ts";

/** What the messages of a request say of a call that waited for its approval. */
export interface CallVerdict {
  readonly call: string;
  readonly tool: string | undefined;
  readonly arguments: string | undefined;
  readonly approved: boolean;
  readonly reason: string | undefined;
  /** The source's own words. */
  readonly raw: string;
  /** The answer itself, and not what the model was told in place of a result. */
  readonly answered: boolean;
}

/** Words without which no message of a request is about an approval: other requests are not parsed. */
const marks = ["tool-approval-response", "execution-denied", '"denied":true'] as const;

/** Messages read from the end: those since the model's last answer, and that answer. */
const messagesMax = 64;

/**
 * Verdicts on the calls of the last answer, from the messages that took it up. Earlier verdicts are in every later request again and are
 * read where they came first. Versions 5 and 6 write the request of an approval and the response to it; version 7 keeps of both that a call
 * was denied (packages `ai` 6.0.326, `@ai-sdk/otel` 1.0.173).
 */
export function verdictsIn(input: string): readonly CallVerdict[] {
  if (!marks.some((mark) => input.includes(mark))) return [];
  const value = parsedMessages(input);
  const list = isMembers(value) ? member(value, "messages") : value;
  if (!Array.isArray(list)) return [];
  const { answered, since } = lastAnswer(list);
  const calls = new Map<string, Members>();
  const requests = new Map<string, string>();
  for (const part of answered) {
    const call = textOf(part, "toolCallId") ?? textOf(part, "id");
    const approval = textOf(part, "approvalId");
    if (call === undefined) continue;
    if (approval !== undefined) requests.set(approval, call);
    else calls.set(call, part);
  }
  const verdicts = new Map<string, CallVerdict>();
  for (const part of since) {
    const said = responseOf(part, requests) ?? denialOf(part);
    if (said === undefined || verdicts.has(said.call)) continue;
    const decided = calls.get(said.call);
    verdicts.set(said.call, {
      ...said,
      tool:
        (decided && (textOf(decided, "toolName") ?? textOf(decided, "name"))) ??
        textOf(part, "toolName"),
      arguments: decided && argumentsOf(decided),
    });
  }
  return [...verdicts.values()];
}

/** The parts of the model's last message, and of those that came after it from tools. */
function lastAnswer(list: readonly unknown[]): {
  readonly answered: readonly Members[];
  readonly since: readonly Members[];
} {
  const since: Members[] = [];
  const from = Math.max(0, list.length - messagesMax);
  for (let at = list.length - 1; at >= from; at--) {
    const message: unknown = list[at];
    if (!isMembers(message)) continue;
    const role = member(message, "role");
    if (role === "assistant") return { answered: partsOf(message), since };
    if (role !== "tool") return { answered: [], since: [] };
    since.push(...partsOf(message));
  }
  return { answered: [], since: [] };
}

function partsOf(message: Members): readonly Members[] {
  const parts = member(message, "parts") ?? member(message, "content");
  return Array.isArray(parts) ? parts.filter(isMembers) : [];
}

type Said = Omit<CallVerdict, "tool" | "arguments">;

function responseOf(part: Members, requests: ReadonlyMap<string, string>): Said | undefined {
  if (member(part, "type") !== "tool-approval-response") return undefined;
  const call = requests.get(textOf(part, "approvalId") ?? "");
  const approved = member(part, "approved");
  if (call === undefined || typeof approved !== "boolean") return undefined;
  return {
    call,
    approved,
    reason: textOf(part, "reason"),
    raw: `tool-approval-response/${approved}`,
    answered: true,
  };
}

/** A result that says that there was no execution. */
function denialOf(part: Members): Said | undefined {
  const call = textOf(part, "toolCallId") ?? textOf(part, "id");
  const result = member(part, "output") ?? member(part, "response");
  if (call === undefined || !isMembers(result)) return undefined;
  const isDenied = member(result, "type") === "execution-denied" || isDeniedOfSeven(part, result);
  if (!isDenied) return undefined;
  return {
    call,
    approved: false,
    reason: textOf(result, "reason"),
    raw: "execution-denied",
    answered: false,
  };
}

/** Version 7 writes `{denied, reason}` and nothing else; a tool that answers with more than that has run. */
function isDeniedOfSeven(part: Members, result: Members): boolean {
  return (
    member(part, "type") === "tool_call_response" &&
    member(result, "denied") === true &&
    Object.keys(result).every((name) => name === "denied" || name === "reason")
  );
}

function textOf(of: Members, name: string): string | undefined {
  const value = member(of, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function argumentsOf(call: Members): string | undefined {
  return textOfValue(member(call, "input") ?? member(call, "arguments"));
}
