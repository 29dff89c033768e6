import type { Dialect, FactSink, LogView, MetricView } from "@custody/model";
import { isClaudeCode } from "./detect.ts";
import { claudeCodeExpects } from "./expects.ts";
import { common, noiseMetrics, tallies } from "./fields.ts";
import { apiError, apiRequest, inferenceContent } from "./inference-facts.ts";
import { lifecycle } from "./lifecycle.ts";
import { claudeCodeProfile } from "./profile.ts";
import {
  isFirst,
  lifecycleEvent,
  permissionModeChanged,
  sessionStart,
  userPrompt,
} from "./session-facts.ts";
import { claudeCodeSpan } from "./span-facts.ts";
import { toolDecision, toolResult } from "./tool-facts.ts";

type Read = (item: LogView, sink: FactSink) => "done" | "opaque";

const events: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["user_prompt", userPrompt],
  ["permission_mode_changed", permissionModeChanged],
  ["api_request", apiRequest],
  ["api_error", apiError],
  ["api_refusal", apiError],
  ["api_retries_exhausted", apiError],
  ["assistant_response", inferenceContent],
  ["api_request_body", inferenceContent],
  ["api_response_body", inferenceContent],
  ["tool_decision", toolDecision],
  ["tool_result", toolResult],
]);

/** Anthropic Claude Code. Logs are the primary source, spans corroborate, metrics are counted. */
export const claudeCode: Dialect = {
  name: "claude-code",
  version: "1",
  expects: claudeCodeExpects,
  tallies,
  profiles: [claudeCodeProfile],
  claims: isClaudeCode,
  normalise(item, sink) {
    switch (item.signal) {
      case "log":
        return logItem(item, sink);
      case "span":
        return claudeCodeSpan(item, sink);
      case "metric":
        return metricItem(item, sink);
    }
  },
};

function logItem(item: LogView, sink: FactSink): "done" | "opaque" {
  const name = item.attributes.text(common.event) ?? "";
  const read = events.get(name) ?? lifecycleReader(name);
  if (read === undefined) return "opaque";
  const answer = read(item, sink);
  if (answer === "done" && isFirst(item)) sessionStart(item, sink);
  return answer;
}

function lifecycleReader(name: string): Read | undefined {
  if (!isLifecycle(name)) return undefined;
  return (item, sink) => lifecycleEvent(item, name, sink);
}

/** Own names only: an event called `constructor` is none of ours. */
function isLifecycle(name: string): name is keyof typeof lifecycle {
  return Object.hasOwn(lifecycle, name);
}

function metricItem(item: MetricView, sink: FactSink): "done" | "opaque" {
  if (!noiseMetrics.has(item.name)) return "opaque";
  sink.noise(item.name);
  return "done";
}
