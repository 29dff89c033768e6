import type { Body, FactSink, SpanView } from "@custody/model";
import { firstWhole, listed, unlisted } from "../attributes.ts";
import { contents } from "../content.ts";
import { present } from "../present.ts";
import { chosen } from "./chosen.ts";
import { spanEnvelope, spanKey } from "./envelope.ts";
import { inferenceBody } from "./inference-body.ts";
import { answerOf, errorOf, type Failure, inputOf, responseOf, sent } from "./span-content.ts";
import { type EventContent, eventContent, noEventContent } from "./span-events.ts";
import type { Convention } from "./words.ts";

/** What a span alone cannot say of its model call. */
export interface InferenceNotes {
  readonly purpose?: string;
  /** False where another span of the same response is the one that is counted. */
  readonly primary?: boolean;
  /** The text that holds the calls, where it is another than the answer itself. */
  readonly answer?: string | undefined;
  readonly attrs?: Readonly<Record<string, string>> | undefined;
  /** The source says that the call failed in a way of its own. */
  readonly failed?: boolean;
  readonly error?: Failure | undefined;
  /** Counts that the source has in a form of its own; those of its words win over them. */
  readonly tokens?: TokenNotes | undefined;
}

const unnamed: Failure = { type: "error", text: undefined };

export type TokenNotes = Pick<
  Body<"inference">,
  | "input_tokens"
  | "output_tokens"
  | "cached_input_tokens"
  | "cache_write_tokens"
  | "reasoning_tokens"
>;

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
  const error =
    notes.error ?? errorOf(item, words) ?? (notes.failed === true ? unnamed : undefined);
  const said = answerOf(attributes, words);
  const events: EventContent = said === undefined ? eventContent(item) : noEventContent;
  const answer = said ?? events.answer;
  const hasTokens = firstWhole(attributes, words.inputTokens) !== undefined;
  sink.fact({
    class: "inference",
    key: spanKey(item, "inference"),
    ...envelope,
    ...present({ span: item.spanId }),
    attrs: { ...envelope.attrs, ...listed(attributes, convention.kept), ...notes.attrs },
    body: {
      ...notes.tokens,
      ...inferenceBody(attributes, words, {
        // A failed call has no response to count; one for another purpose is wrapped by a span of the same name without tokens.
        primary:
          notes.primary ?? (hasTokens || !(error !== undefined || notes.purpose !== undefined)),
        purpose: notes.purpose,
        model: envelope.agent?.model,
        errorType: error?.type,
      }),
    },
    ...contents({
      request: sent(inputOf(attributes, words) ?? events.request),
      response: sent(responseOf(attributes, words, answer)),
      error: error?.text,
      attributes: unlisted(item, convention.known, convention.knownUnder),
    }),
  });
  chosen(item, sink, envelope, notes.answer ?? answer);
  return "done";
}
