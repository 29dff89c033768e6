import type { TallyMeasure, TallyRow } from "@custody/model";

/** Metrics that count what the logs tell, since the process began. None of them names its session. */
export const tallies: readonly TallyRow[] = [
  usage("input", "input_tokens"),
  usage("cache", "cached_input_tokens"),
  usage("output", "output_tokens"),
  usage("thought", "reasoning_tokens"),
  { metric: "qwen-code.api.request.count", where: { status_code: ["200"] }, measure: "inferences" },
  { metric: "qwen-code.tool.call.count", measure: "tool_calls" },
  {
    metric: "qwen-code.tool.call.count",
    where: { success: ["false"] },
    measure: "tool_calls_failed",
  },
  { metric: "qwen-code.session.count", measure: "starts" },
];

function usage(type: string, measure: TallyMeasure): TallyRow {
  return { metric: "qwen-code.token.usage", where: { type: [type] }, measure };
}
