import type { FactSink, SpanView } from "@custody/model";
import { firstFilled, firstWhole, listed, unlisted } from "../attributes.ts";
import { contents } from "../content.ts";
import { present } from "../present.ts";
import { chosen } from "./chosen.ts";
import { spanEnvelope, spanKey } from "./envelope.ts";
import { answerOf, errorOf, inputOf, responseOf, sent } from "./span-content.ts";
import type { Convention, Names } from "./words.ts";

/** What a span alone cannot say of its model call. */
export interface InferenceNotes {
  readonly purpose?: string;
  /** False where another span of the same response is the one that is counted. */
  readonly primary?: boolean;
}

/**
 * A model call: the only span that is counted for tokens; those of the run above it are their sum. The calls its answer chose are decisions
 * under the ids the model gave them, also those that nobody carried out.
 */
export function inference(
  item: SpanView,
  sink: FactSink,
  convention: Convention,
  notes: InferenceNotes = {},
): "done" {
  const { attributes } = item;
  const { words } = convention;
  const envelope = spanEnvelope(item, convention);
  const error = errorOf(item, words);
  const input = firstWhole(attributes, words.inputTokens);
  const answer = answerOf(attributes, words);
  sink.fact({
    class: "inference",
    key: spanKey(item, "inference"),
    ...envelope,
    ...present({ span: item.spanId }),
    attrs: { ...envelope.attrs, ...listed(attributes, convention.kept) },
    body: present({
      status: error === undefined ? ("ok" as const) : ("error" as const),
      // A failed call has no response to count; an embedding is wrapped by a span of the same name without tokens.
      primary:
        notes.primary ??
        (input !== undefined || !(error !== undefined || notes.purpose === "embeddings")),
      purpose: notes.purpose,
      provider: firstFilled(attributes, words.provider),
      model: envelope.agent?.model,
      ttft_ms: ttft(item, convention),
      http_status: firstWhole(attributes, words.httpStatus),
      error_type: error?.type,
      input_tokens: input,
      cached_input_tokens: firstWhole(attributes, words.cachedTokens),
      cache_write_tokens: firstWhole(attributes, words.cacheWriteTokens),
      output_tokens: firstWhole(attributes, words.outputTokens),
      reasoning_tokens: firstWhole(attributes, words.reasoningTokens),
      cost_usd_micros: scaled(item, words.costUsd, 1e6),
    }),
    ...contents({
      request: sent(inputOf(attributes, words)),
      response: sent(responseOf(attributes, words, answer)),
      error: error?.text,
      attributes: unlisted(item, convention.known, convention.knownUnder),
    }),
  });
  chosen(item, sink, envelope, answer);
  return "done";
}

function ttft(item: SpanView, { words }: Convention): number | undefined {
  return scaled(item, words.timeToFirstChunkMs, 1) ?? scaled(item, words.timeToFirstChunkS, 1000);
}

/** A part of a unit as a whole number of smaller ones; what nobody could have waited or paid is none. */
function scaled({ attributes }: SpanView, of: Names, by: number): number | undefined {
  for (const name of of) {
    const value = attributes.number(name);
    if (value !== undefined && value >= 0 && value < 1e9) return Math.round(value * by);
  }
  return undefined;
}
