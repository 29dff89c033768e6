import type { SpanEventView, SpanView } from "@custody/model";
import { everything, firstFilled } from "../attributes.ts";

/** Messages that an older instrumentation wrote as events of the span, before there were attributes for them (agent-telemetry 10.4). */
export interface EventContent {
  readonly request: string | undefined;
  readonly answer: string | undefined;
}

export const noEventContent: EventContent = { request: undefined, answer: undefined };

/** Events of what went in and of what came out, and the attributes that hold the message; without one, all of them are the message. */
const asked: ReadonlySet<string> = new Set([
  "gen_ai.content.prompt",
  "gen_ai.system.message",
  "gen_ai.user.message",
  "gen_ai.assistant.message",
  "gen_ai.tool.message",
]);
const answered: ReadonlySet<string> = new Set(["gen_ai.content.completion", "gen_ai.choice"]);
const details = "gen_ai.client.inference.operation.details";

const requestNames = ["gen_ai.prompt", "gen_ai.input.messages", "gen_ai.event.content"] as const;
const answerNames = [
  "gen_ai.completion",
  "gen_ai.output.messages",
  "gen_ai.event.content",
] as const;

export function eventContent(item: SpanView): EventContent {
  const events = item.events();
  if (events.length === 0) return noEventContent;
  const request: string[] = [];
  const answer: string[] = [];
  for (const event of events) {
    if (asked.has(event.name)) push(request, event, requestNames);
    else if (answered.has(event.name)) push(answer, event, answerNames);
    else if (event.name === details) {
      pushNamed(request, event, requestNames);
      pushNamed(answer, event, answerNames);
    }
  }
  return { request: joined(request), answer: joined(answer) };
}

function push(into: string[], event: SpanEventView, names: readonly string[]): void {
  const text = firstFilled(event.attributes, names) ?? everything(event.attributes);
  if (text !== undefined) into.push(text);
}

function pushNamed(into: string[], event: SpanEventView, names: readonly string[]): void {
  const text = firstFilled(event.attributes, names);
  if (text !== undefined) into.push(text);
}

/** One message as it is, several as a list of those that are JSON, else one a line. */
function joined(texts: readonly string[]): string | undefined {
  if (texts.length < 2) return texts[0];
  const isJson = texts.every((text) => text.startsWith("{") || text.startsWith("["));
  return isJson ? `[${texts.join(",")}]` : texts.join("\n");
}
