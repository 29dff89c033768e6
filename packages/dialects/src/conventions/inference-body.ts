import type { AttributeView, Body } from "@custody/model";
import { firstFilled, firstWhole } from "../attributes.ts";
import { present } from "../present.ts";
import type { Names, Words } from "./words.ts";

/** What the item itself says of its model call, and what its reader knows beside it. */
interface Told {
  readonly primary: boolean;
  readonly purpose: string | undefined;
  readonly model: string | undefined;
  readonly errorType: string | undefined;
}

export function inferenceBody(
  attributes: AttributeView,
  words: Words,
  { primary, purpose, model, errorType }: Told,
): Body<"inference"> {
  return present({
    status: errorType === undefined ? ("ok" as const) : ("error" as const),
    primary,
    purpose,
    provider: firstFilled(attributes, words.provider),
    model,
    ttft_ms:
      scaled(attributes, words.timeToFirstChunkMs, 1) ??
      scaled(attributes, words.timeToFirstChunkS, 1000),
    http_status: firstWhole(attributes, words.httpStatus),
    error_type: errorType,
    input_tokens: firstWhole(attributes, words.inputTokens),
    cached_input_tokens: firstWhole(attributes, words.cachedTokens),
    cache_write_tokens: firstWhole(attributes, words.cacheWriteTokens),
    output_tokens: firstWhole(attributes, words.outputTokens),
    reasoning_tokens: firstWhole(attributes, words.reasoningTokens),
    cost_usd_micros: scaled(attributes, words.costUsd, 1e6),
  });
}

/** A part of a unit as a whole number of smaller ones; what nobody could have waited or paid is none. */
function scaled(attributes: AttributeView, of: Names, by: number): number | undefined {
  for (const name of of) {
    const value = attributes.number(name);
    if (value !== undefined && value >= 0 && value < 1e9) return Math.round(value * by);
  }
  return undefined;
}
