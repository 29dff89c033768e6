import type { FactSink, LogView } from "@custody/model";
import { filled, firstFilled, firstWhole, listed, unlisted } from "../attributes.ts";
import { byteLength } from "../byte-length.ts";
import { contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { anyText } from "./any-text.ts";
import { chosenAt } from "./chosen.ts";
import { logEnvelope } from "./envelope.ts";
import { inferenceBody } from "./inference-body.ts";
import { isMembers, member, parsedMessages, textOfValue } from "./message-text.ts";
import { answerOf, inputOf, responseOf, sent } from "./span-content.ts";
import type { Convention } from "./words.ts";

/** The name of an event: a field of its own since OTLP 1.6, an attribute before. */
export function eventName(item: LogView): string {
  return item.eventName === "" ? (filled(item.attributes, "event.name") ?? "") : item.eventName;
}

type Read = (item: LogView, sink: FactSink, convention: Convention) => "done";

/**
 * Log records of the GenAI conventions. A record that was written in a span repeats that span's model call, so its tokens are not the ones
 * that are counted; without a span it is the only account there is.
 */
export const conventionEvents: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["gen_ai.client.inference.operation.details", details],
  ["gen_ai.client.operation.exception", failure],
  ["gen_ai.client.inference.exception", failure],
  ["gen_ai.system.message", asked],
  ["gen_ai.user.message", asked],
  ["gen_ai.assistant.message", asked],
  ["gen_ai.content.prompt", asked],
  ["gen_ai.tool.message", toolMessage],
  ["gen_ai.choice", answered],
  ["gen_ai.content.completion", answered],
]);

function details(item: LogView, sink: FactSink, convention: Convention): "done" {
  const { attributes } = item;
  const { words } = convention;
  const envelope = logEnvelope(item, convention);
  const answer = answerOf(attributes, words);
  sink.fact({
    class: "inference",
    ...envelope,
    attrs: { ...envelope.attrs, ...listed(attributes, convention.kept) },
    body: inferenceBody(attributes, words, {
      primary: item.spanId === undefined && firstWhole(attributes, words.inputTokens) !== undefined,
      purpose: undefined,
      model: envelope.agent?.model,
      errorType: firstFilled(attributes, words.errorType),
    }),
    ...contents({
      request: sent(inputOf(attributes, words)),
      response: sent(responseOf(attributes, words, answer)),
      error: firstFilled(attributes, words.errorText),
      attributes: unlisted(item, convention.known, convention.knownUnder),
    }),
  });
  chosenAt(sink, envelope, undefined, answer);
  return "done";
}

/** A model call that gave no response; its span says so as well. */
function failure(item: LogView, sink: FactSink, convention: Convention): "done" {
  const { attributes } = item;
  const envelope = logEnvelope(item, convention);
  sink.fact({
    class: "inference",
    ...envelope,
    attrs: { ...envelope.attrs, ...listed(attributes, convention.kept) },
    body: inferenceBody(attributes, convention.words, {
      primary: false,
      purpose: undefined,
      model: envelope.agent?.model,
      errorType: firstFilled(attributes, ["error.type", "exception.type"]) ?? "error",
    }),
    ...contents({
      error: filled(attributes, "exception.message") ?? anyText(item.body),
      attributes: unlisted(item, convention.known, convention.knownUnder),
    }),
  });
  return "done";
}

/** A message that went to the model, the whole conversation so far again with every request: content of a call, and no turn. */
function asked(item: LogView, sink: FactSink, convention: Convention): "done" {
  message(item, sink, convention, "request");
  return "done";
}

function answered(item: LogView, sink: FactSink, convention: Convention): "done" {
  message(item, sink, convention, "response");
  chosenAt(sink, logEnvelope(item, convention), undefined, messageText(item));
  return "done";
}

function message(
  item: LogView,
  sink: FactSink,
  convention: Convention,
  path: "request" | "response",
): void {
  const envelope = logEnvelope(item, convention);
  sink.fact({
    class: "inference",
    ...envelope,
    attrs: { ...envelope.attrs, "event.name": eventName(item) },
    body: present({
      status: "unknown" as const,
      primary: false,
      provider: firstFilled(item.attributes, convention.words.provider),
      model: envelope.agent?.model,
    }),
    ...contents({
      [path]: sent(messageText(item)),
      attributes: unlisted(item, convention.known, convention.knownUnder),
    }),
  });
}

/** What the agent saw back of a call: the message says which. */
function toolMessage(item: LogView, sink: FactSink, convention: Convention): "done" {
  const text = messageText(item);
  const value = text === undefined ? undefined : parsedMessages(text);
  const call = isMembers(value)
    ? (member(value, "id") ?? member(value, "tool_call_id"))
    : firstFilled(item.attributes, ["gen_ai.tool.call.id", "id"]);
  const content = isMembers(value) ? textOfValue(member(value, "content")) : text;
  const seen = contentOf(content, "withheld");
  const envelope = logEnvelope(item, convention);
  sink.fact({
    class: "observation",
    ...envelope,
    ...(typeof call === "string" && call !== "" ? { call } : {}),
    body: present({
      state: seen.state,
      trust: "tool_output" as const,
      bytes: seen.text === undefined ? undefined : byteLength(seen.text),
    }),
    ...contents({
      content: seen.text,
      attributes: unlisted(item, convention.known, convention.knownUnder),
    }),
  });
  return "done";
}

const messageNames = ["gen_ai.event.content", "gen_ai.prompt", "gen_ai.completion", "content"];

/** The message itself: the record's body, or the attribute that older instrumentations put it in. */
function messageText(item: LogView): string | undefined {
  return anyText(item.body) ?? firstFilled(item.attributes, messageNames);
}
