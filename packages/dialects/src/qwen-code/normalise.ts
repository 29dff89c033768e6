import type { Dialect, FactSink, LogView, MetricView } from "@custody/model";
import { eventOf, isQwenCode } from "./detect.ts";
import { qwenExpects } from "./expects.ts";
import { eventPrefix } from "./fields.ts";
import { apiFailure, apiRequest, apiResponse } from "./inference-facts.ts";
import { lifecycle } from "./lifecycle.ts";
import { metricNames } from "./metric-names.ts";
import { qwenProfile } from "./profile.ts";
import { config, lifecycleEvent, sessionEnd, userPrompt } from "./session-facts.ts";
import { qwenSpan } from "./span-facts.ts";
import { tallies } from "./tallies.ts";
import { toolCall } from "./tool-facts.ts";

type Read = (item: LogView, sink: FactSink) => "done" | "opaque";

const events: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["config", config],
  ["session.end", sessionEnd],
  ["user_prompt", userPrompt],
  ["tool_call", toolCall],
  ["api_request", apiRequest],
  ["api_response", apiResponse],
  ["api_error", apiFailure("error", "api_error")],
  ["api_cancel", apiFailure("error", "api_cancel")],
  ["api_retry", apiFailure("retry", "api_retry")],
]);

/** Qwen Code. Logs are the primary source, spans corroborate, metrics are counted. */
export const qwenCode: Dialect = {
  name: "qwen-code",
  version: "1",
  tallies,
  profiles: [qwenProfile],
  expects: qwenExpects,
  claims: isQwenCode,
  normalise(item, sink) {
    switch (item.signal) {
      case "log":
        return logItem(item, sink);
      case "span":
        return qwenSpan(item, sink);
      case "metric":
        return metricItem(item, sink);
    }
  },
};

function logItem(item: LogView, sink: FactSink): "done" | "opaque" {
  const said = eventOf(item);
  const name = said.startsWith(eventPrefix) ? said.slice(eventPrefix.length) : said;
  const read = events.get(name);
  if (read !== undefined) return read(item, sink);
  const names = lifecycle.get(name);
  return names === undefined ? "opaque" : lifecycleEvent(item, name, names, sink);
}

function metricItem(item: MetricView, sink: FactSink): "done" | "opaque" {
  if (!metricNames.has(item.name)) return "opaque";
  sink.noise(item.name);
  return "done";
}
