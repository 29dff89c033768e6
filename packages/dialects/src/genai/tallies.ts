import type { TallyMeasure, TallyRow } from "@custody/model";

/**
 * Metrics of the conventions that count what the spans tell, old names and new (agent-telemetry 10.3, 10.4). Those that count the same again
 * by operation are counted noise.
 */
export const tallies: readonly TallyRow[] = [
  byType(["input", "prompt"], "input_tokens"),
  byType(["output", "completion"], "output_tokens"),
  usage("input_tokens", "input_tokens"),
  usage("cache_read.input_tokens", "cached_input_tokens"),
  usage("cache_write.input_tokens", "cache_write_tokens"),
  usage("output_tokens", "output_tokens"),
  usage("reasoning.output_tokens", "reasoning_tokens"),
];

function byType(types: readonly string[], measure: TallyMeasure): TallyRow {
  return { metric: "gen_ai.client.token.usage", where: { "gen_ai.token.type": types }, measure };
}

function usage(what: string, measure: TallyMeasure): TallyRow {
  return { metric: `gen_ai.client.inference.usage.${what}`, measure };
}
