import type { TallyMeasure, TallyRow } from "@custody/model";

/** Metrics that count what the logs tell, since the agent started; every point names its session. */
export const tallies: readonly TallyRow[] = [
  usage("input", "input_tokens"),
  usage("cache", "cached_input_tokens"),
  usage("output", "output_tokens"),
  usage("thought", "reasoning_tokens"),
  {
    metric: "gemini_cli.api.request.count",
    where: { status_code: ["200"] },
    measure: "inferences",
  },
  { metric: "gemini_cli.tool.call.count", measure: "tool_calls" },
  {
    metric: "gemini_cli.tool.call.count",
    where: { success: ["false"] },
    measure: "tool_calls_failed",
  },
  { metric: "gemini_cli.session.count", measure: "starts" },
];

function usage(type: string, measure: TallyMeasure): TallyRow {
  return { metric: "gemini_cli.token.usage", where: { type: [type] }, measure };
}
