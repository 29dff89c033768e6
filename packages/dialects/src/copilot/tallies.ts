import type { TallyMeasure, TallyRow } from "@custody/model";

/** Metrics that count what the spans tell, since the agent started; none of them names its conversation. */
export const tallies: readonly TallyRow[] = [
  usage("input_tokens", "input_tokens"),
  usage("cache_read.input_tokens", "cached_input_tokens"),
  usage("cache_write.input_tokens", "cache_write_tokens"),
  usage("output_tokens", "output_tokens"),
  usage("reasoning.output_tokens", "reasoning_tokens"),
  { metric: "github.copilot.tool.call.count", measure: "tool_calls" },
  {
    metric: "github.copilot.tool.call.count",
    where: { success: ["false"] },
    measure: "tool_calls_failed",
  },
];

function usage(what: string, measure: TallyMeasure): TallyRow {
  return { metric: `gen_ai.client.inference.usage.${what}`, measure };
}
