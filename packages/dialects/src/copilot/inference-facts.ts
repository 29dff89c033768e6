import type { Body, FactSink, LogView, SpanView } from "@custody/model";
import { firstFilled, firstWhole, listed, unlisted } from "../attributes.ts";
import { contents } from "../content.ts";
import { present } from "../present.ts";
import { type Envelope, logEnvelope, spanEnvelope, spanKey } from "./envelope.ts";
import { kept, known, names } from "./fields.ts";
import { chosenCalls } from "./messages.ts";
import { kindByName } from "./tools.ts";

const statusError = 2;

/** One request to a model: the only span that is counted for tokens. Those of the run above it are their sum. */
export function inference(item: SpanView, sink: FactSink, purpose: string | undefined): "done" {
  const { attributes } = item;
  const envelope = spanEnvelope(item);
  const errorType = firstFilled(attributes, names.errorType);
  const failed = errorType !== undefined || item.statusCode === statusError;
  const usage = usageOf(item);
  const answer = firstFilled(attributes, names.output);
  sink.fact({
    class: "inference",
    key: spanKey(item, "inference"),
    ...envelope,
    ...present({ span: item.spanId }),
    attrs: { ...envelope.attrs, ...listed(attributes, kept.inference) },
    body: present({
      status: failed ? ("error" as const) : ("ok" as const),
      // A failed request has no response whose tokens could count.
      primary: usage.input_tokens !== undefined || !failed,
      purpose: purpose ?? firstFilled(attributes, names.purpose),
      provider: firstFilled(attributes, names.provider),
      model: envelope.agent?.model,
      ttft_ms: firstTokenMs(item),
      error_type: failed ? (errorType ?? "error") : undefined,
      ...usage,
    }),
    ...contents({
      request: firstFilled(attributes, names.input),
      response: answer,
      instructions: firstFilled(attributes, names.instructions),
      tools: firstFilled(attributes, names.toolDefinitions),
      error: item.statusMessage === "" ? undefined : item.statusMessage,
      attributes: unlisted(item, known),
    }),
  });
  decided(item, envelope, answer, sink);
  return "done";
}

/** The calls that the answer names: what was decided, also where nothing was ever run of it. */
function decided(
  item: SpanView,
  envelope: Envelope,
  answer: string | undefined,
  sink: FactSink,
): void {
  for (const chosen of chosenCalls(answer)) {
    sink.fact({
      class: "decision",
      key: ["decision", envelope.session ?? "", chosen.call, "answer"],
      ...envelope,
      ...present({ ts: item.end ?? item.start, parent: item.spanId }),
      call: chosen.call,
      body: {
        tool: chosen.tool,
        kind: kindByName(chosen.tool),
        arguments_state: chosen.arguments === undefined ? "missing" : "reported",
      },
      ...contents({ arguments: chosen.arguments }),
    });
  }
}

/** VS Code tells each model call once more in a log record: it corroborates the span, and stands in for it where none was sent. */
export function inferenceDetails(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = logEnvelope(item);
  const errorType = firstFilled(attributes, names.errorType);
  sink.fact({
    class: "inference",
    key: [
      "log",
      "inference",
      item.traceId ?? "",
      item.spanId ?? "",
      attributes.text("gen_ai.response.id") ?? "",
      envelope.ts ?? "",
    ],
    ...envelope,
    attrs: { ...envelope.attrs, ...listed(attributes, kept.inference) },
    body: present({
      status: errorType === undefined ? ("ok" as const) : ("error" as const),
      primary: false,
      provider: firstFilled(attributes, names.provider),
      model: envelope.agent?.model,
      error_type: errorType,
      ...usageOf(item),
    }),
    ...contents({
      request: firstFilled(attributes, names.input),
      response: firstFilled(attributes, names.output),
      instructions: firstFilled(attributes, names.instructions),
      tools: firstFilled(attributes, names.toolDefinitions),
      attributes: unlisted(item, known),
    }),
  });
  return "done";
}

type Usage = Pick<
  Body<"inference">,
  | "input_tokens"
  | "cached_input_tokens"
  | "cache_write_tokens"
  | "output_tokens"
  | "reasoning_tokens"
>;

/** Cached tokens are part of the input, as the conventions have it. */
export function usageOf({ attributes }: SpanView | LogView): Usage {
  return present({
    input_tokens: firstWhole(attributes, names.inputTokens),
    cached_input_tokens: firstWhole(attributes, names.cachedTokens),
    cache_write_tokens: firstWhole(attributes, names.cacheWriteTokens),
    output_tokens: firstWhole(attributes, names.outputTokens),
    reasoning_tokens: firstWhole(attributes, names.reasoningTokens),
  });
}

function firstTokenMs({ attributes }: SpanView): number | undefined {
  for (const name of names.firstChunkS) {
    const seconds = attributes.number(name);
    if (seconds !== undefined && seconds >= 0 && seconds < 1e9) return Math.round(seconds * 1000);
  }
  return firstWhole(attributes, names.firstTokenMs);
}
