import type { FactSink, SpanView } from "@custody/model";
import { filled, listed, unlisted, whole } from "../attributes.ts";
import { contents } from "../content.ts";
import { present } from "../present.ts";
import { chosenCalls, tellChosen } from "./answers.ts";
import { spanEnvelope, spanKey } from "./envelope.ts";
import { kept, knownOfConventions } from "./fields.ts";
import { scheduledCalls } from "./scheduled-calls.ts";
import { toolSpan } from "./tool-span.ts";

type Read = (item: SpanView, sink: FactSink) => "done" | "opaque";

/**
 * Spans corroborate the events. With `telemetry.traces` off, its default, they are sent all the same, without content, usage and
 * outcome; then a call and a model request show that they took place and no more.
 */
const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["llm_call", llmCall],
  ["tool_call", toolSpan],
  ["schedule_tool_calls", scheduledCalls],
  ["agent_call", agentCall],
]);

export function geminiSpan(item: SpanView, sink: FactSink): "done" | "opaque" {
  const read = item.spanId === undefined ? undefined : readers.get(operationOf(item));
  return read === undefined ? "opaque" : read(item, sink);
}

export function operationOf(item: SpanView): string {
  return filled(item.attributes, "gen_ai.operation.name") ?? item.name;
}

const statusError = 2;

/** One try of a model request. Its usage lacks cached and reasoning tokens, and its content is cut after 10,000 characters. */
function llmCall(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = spanEnvelope(item);
  const isError = item.statusCode === statusError;
  const exception = item.events().find((event) => event.name === "exception")?.attributes;
  const response = filled(attributes, "gen_ai.output.messages");
  sink.fact({
    class: "inference",
    key: spanKey(item, "inference"),
    ...envelope,
    ...present({ span: item.spanId }),
    body: present({
      status: isError ? ("error" as const) : ("ok" as const),
      primary: false,
      model: envelope.agent?.model,
      duration_ms: durationOf(item),
      error_type: isError ? (exception?.text("exception.type") ?? "error") : undefined,
      input_tokens: whole(attributes, "gen_ai.usage.input_tokens"),
      output_tokens: whole(attributes, "gen_ai.usage.output_tokens"),
    }),
    ...present({ attrs: mergedAttrs(envelope.attrs, listed(attributes, kept.inference)) }),
    ...contents({
      response,
      error: item.statusMessage === "" ? undefined : item.statusMessage,
      attributes: unlisted(item, knownOfConventions),
    }),
  });
  tellChosen(chosenCalls(response), envelope, "answer span", sink);
  return "done";
}

function mergedAttrs(
  left: Readonly<Record<string, string>> | undefined,
  right: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  return left === undefined ? right : { ...left, ...right };
}

function durationOf({ start, end }: SpanView): number | undefined {
  if (start === undefined || end === undefined) return undefined;
  const millis = Date.parse(end) - Date.parse(start);
  return millis < 0 ? undefined : millis;
}

/** The run of a sub-agent, whose name is not on the span: the agent's own name is written over it. */
function agentCall(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = spanEnvelope(item);
  sink.fact({
    class: "session",
    key: spanKey(item, "session"),
    ...envelope,
    ...present({ span: item.spanId }),
    body: { event: "seen" },
    attrs: { ...envelope.attrs, event: "agent_call" },
    ...contents({
      request: filled(attributes, "gen_ai.input.messages"),
      response: filled(attributes, "gen_ai.output.messages"),
      attributes: unlisted(item, knownOfConventions),
    }),
  });
  return "done";
}
