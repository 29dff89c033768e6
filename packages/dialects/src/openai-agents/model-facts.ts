import type { FactSink, SpanView } from "@custody/model";
import { filled, firstWhole } from "../attributes.ts";
import { inference, type TokenNotes } from "../conventions/inference.ts";
import { at, responseIdOf } from "../conventions/response-id.ts";
import { parsedJson } from "../json-path.ts";
import { present } from "../present.ts";
import { convention, member, names } from "./fields.ts";

/**
 * A model call. The tokens of its response are counted where its turn tells them, since a `response` span tells none; a `generation` span
 * has them in its output and is kept beside the turn.
 */
export function modelCall(item: SpanView, sink: FactSink, purpose?: string): "done" {
  const { attributes } = item;
  const output = filled(attributes, member.output);
  const id = filled(attributes, member.response) ?? responseIdOf(output);
  return inference(item, sink, convention, {
    primary: false,
    ...(purpose === undefined ? {} : { purpose }),
    attrs: id === undefined ? undefined : { "gen_ai.response.id": id },
    tokens: tokensOf(output),
  });
}

/** The raw answers of Chat Completions are the output of a `generation`. */
function tokensOf(output: string | undefined): TokenNotes | undefined {
  const answer = output?.startsWith("[") === true ? parsedJson(output) : undefined;
  const count = (...path: readonly string[]): number | undefined => {
    const value = at(answer, ["0", "usage", ...path]);
    return typeof value === "number" && Number.isSafeInteger(value) && value >= 0
      ? value
      : undefined;
  };
  return present({
    input_tokens: count("prompt_tokens"),
    output_tokens: count("completion_tokens"),
    cached_input_tokens: count("prompt_tokens_details", "cached_tokens"),
    reasoning_tokens: count("completion_tokens_details", "reasoning_tokens"),
  });
}

/** One turn of the loop: the response it asked a model for, by its tokens. One that only carried out tools tells none. */
export function loopTurn(item: SpanView, sink: FactSink): "done" {
  if (firstWhole(item.attributes, names.inputTokens) !== undefined) {
    return inference(item, sink, convention, { primary: true });
  }
  sink.noise("openai-agents turn");
  return "done";
}
