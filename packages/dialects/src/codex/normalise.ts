import type { Dialect, FactSink, LogView, MetricView } from "@custody/model";
import { guardianAssessment, toolDecision } from "./approval-facts.ts";
import { isCodex } from "./detect.ts";
import { policyDecision, sandboxOutcome } from "./enforcer-facts.ts";
import { codexExpects } from "./expects.ts";
import { eventName, noiseEvents, noiseScopes, tallies } from "./fields.ts";
import { agentResponse, apiRequest, sseEvent } from "./inference-facts.ts";
import { noiseMetrics } from "./noise-names.ts";
import { codexProfile } from "./profile.ts";
import {
  agentCommunication,
  conversationStarts,
  skillInvocation,
  turnCost,
  userPrompt,
} from "./session-facts.ts";
import { codexSpan } from "./span-facts.ts";
import { toolResult } from "./tool-facts.ts";

type Read = (item: LogView, sink: FactSink) => "done" | "opaque";

const events: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["codex.conversation_starts", conversationStarts],
  ["codex.user_prompt", userPrompt],
  ["codex.turn_cost", turnCost],
  ["codex.agent_communication", agentCommunication],
  ["codex.skill_invocation", skillInvocation],
  ["codex.api_request", apiRequest],
  ["codex.websocket_request", apiRequest],
  ["codex.sse_event", sseEvent],
  // 0.96 told a stream over a websocket by a name of its own.
  ["codex.websocket_event", sseEvent],
  ["codex.agent_response", agentResponse],
  ["codex.tool_decision", toolDecision],
  ["codex.guardian_assessment", guardianAssessment],
  ["codex.tool_result", toolResult],
  ["codex.sandbox_outcome", sandboxOutcome],
  ["codex.network_proxy.policy_decision", policyDecision],
  // The names of older releases, with the same attributes (agent-telemetry 1.5).
  ["codex.network_proxy.domain_policy_decision", policyDecision],
  ["codex.network_proxy.block_decision", policyDecision],
]);

/**
 * OpenAI Codex CLI and its app server. Logs are the primary source; metrics are counted; of spans an allow-list corroborates.
 * Events of an agent's own enforcing parts (sandbox, proxy) carry `vantage: enforcer` and stay `reported` (design 2).
 */
export const codex: Dialect = {
  name: "codex",
  version: "1",
  expects: codexExpects,
  tallies,
  profiles: [codexProfile],
  claims: isCodex,
  normalise(item, sink) {
    switch (item.signal) {
      case "log":
        return logItem(item, sink);
      case "span":
        return codexSpan(item, sink);
      case "metric":
        return metricItem(item, sink);
    }
  },
};

function logItem(item: LogView, sink: FactSink): "done" | "opaque" {
  const name = item.attributes.text(eventName);
  if (name === undefined) {
    if (!noiseScopes.has(item.scope.name)) return "opaque";
    sink.noise(item.scope.name);
    return "done";
  }
  if (noiseEvents.has(name)) {
    sink.noise(name);
    return "done";
  }
  return events.get(name)?.(item, sink) ?? "opaque";
}

function metricItem(item: MetricView, sink: FactSink): "done" | "opaque" {
  if (!noiseMetrics.has(item.name)) return "opaque";
  sink.noise(item.name);
  return "done";
}
