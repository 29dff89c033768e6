import type { Dialect, FactSink, LogView, MetricView } from "@custody/model";
import { eventOf, isGeminiCli } from "./detect.ts";
import { geminiExpects } from "./expects.ts";
import { detailsEvent, eventPrefix } from "./fields.ts";
import { apiError, apiRequest, apiResponse, operationDetails } from "./inference-facts.ts";
import { lifecycle } from "./lifecycle.ts";
import { metricNames } from "./metric-names.ts";
import { geminiProfile } from "./profile.ts";
import { config, lifecycleEvent, modeSwitch, sessionEnd, userPrompt } from "./session-facts.ts";
import { geminiSpan } from "./span-facts.ts";
import { tallies } from "./tallies.ts";
import { toolCall } from "./tool-facts.ts";

type Read = (item: LogView, sink: FactSink) => "done" | "opaque";

const events: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["config", config],
  ["end_session", sessionEnd],
  ["user_prompt", userPrompt],
  ["plan.approval_mode_switch", modeSwitch],
  ["tool_call", toolCall],
  ["api_request", apiRequest],
  ["api_response", apiResponse],
  ["api_error", apiError],
  [detailsEvent, operationDetails],
]);

/** Google Gemini CLI. Logs are the primary source, spans corroborate, metrics are counted. */
export const geminiCli: Dialect = {
  name: "gemini-cli",
  version: "1",
  tallies,
  profiles: [geminiProfile],
  expects: geminiExpects,
  claims: isGeminiCli,
  normalise(item, sink) {
    switch (item.signal) {
      case "log":
        return logItem(item, sink);
      case "span":
        return geminiSpan(item, sink);
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
