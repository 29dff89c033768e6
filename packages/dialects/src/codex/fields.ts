import type { TallyMeasure, TallyRow } from "@custody/model";

/** Names Codex uses on the wire (agent-telemetry 1.2 to 1.6), and what each means to us. Data, so that a new version is a new row. */

export const eventName = "event.name";

/** On every business event. */
export const common = {
  time: "event.timestamp",
  conversation: "conversation.id",
  version: "app.version",
  model: "model",
} as const;

/** Who the payload says it is: never believed, kept as a claim (contract 3). */
export const claims = ["user.email", "user.account_id", "user.id"] as const;
export const resourceClaims = ["host.name"] as const;

/** Listed attributes kept as text beside the body, by event. */
export const kept = {
  "codex.conversation_starts": [
    "originator",
    "terminal.type",
    "auth_mode",
    "reasoning_effort",
    "reasoning_summary",
    "context_window",
    "auto_compact_token_limit",
  ],
  "codex.api_request": ["endpoint", "auth.request_id", "auth.cf_ray", "auth.error_code"],
  "codex.websocket_request": ["auth.request_id", "auth.cf_ray", "auth.connection_reused"],
  "codex.sse_event": ["event.kind", "service_tier", "model_reasoning_effort"],
  "codex.turn_cost": ["usage.estimated_usd", "speed", "reasoning_effort"],
  "codex.tool_decision": ["tool_namespace"],
  "codex.tool_result": ["tool_result_seq", "mcp_server_origin", "product_sku"],
  "codex.sandbox_outcome": ["tool_name"],
  "codex.network_proxy.policy_decision": ["network.policy.scope", "network.policy.source"],
  "codex.guardian_assessment": [
    "review.id",
    "risk_level",
    "user_authorization",
    "rationale_truncated",
  ],
  "codex.agent_response": ["agent.type", "item.id", "parent.conversation.id", "response_truncated"],
  "codex.agent_communication": ["communication_id", "kind"],
  "codex.skill_invocation": [
    "skill.name",
    "skill.scope",
    "skill.plugin_id",
    "skill.invocation_type",
  ],
} as const;

/** Attributes that are read into a body or say nothing an auditor asks for: everything else is kept as content. */
export const known: ReadonlySet<string> = new Set<string>([
  eventName,
  ...Object.values(common),
  ...claims,
  ...Object.values(kept).flat(),
  "originator",
  "terminal.type",
  "auth_mode",
  "slug",
  // conversation_starts
  "provider_name",
  "approval_policy",
  "sandbox_policy",
  "mcp_servers",
  "config.legacy_multi_agent_disabled_sources",
  "auth.env_openai_api_key_present",
  "auth.env_codex_api_key_present",
  "auth.env_codex_api_key_enabled",
  "auth.env_provider_key_name",
  "auth.env_provider_key_present",
  "auth.env_refresh_token_url_override_present",
  // user_prompt, model calls
  "prompt",
  "prompt_length",
  "duration_ms",
  "attempt",
  "success",
  "http.response.status_code",
  "error.message",
  "auth.header_attached",
  "auth.header_name",
  "auth.retry_after_unauthorized",
  "auth.recovery_mode",
  "auth.recovery_phase",
  "input_token_count",
  "output_token_count",
  "cached_token_count",
  "cache_write_token_count",
  "reasoning_token_count",
  "tool_token_count",
  "ttft_ms",
  "turn.id",
  "turn.interrupted",
  // tools
  "tool_name",
  "tool_namespace",
  "call_id",
  "decision",
  "source",
  "arguments",
  "output",
  "output_truncated",
  "agent_name",
  "mcp_server",
  "outcome",
  "initial_duration_ms",
  "escalated_duration_ms",
  // network proxy
  "network.policy.decision",
  "network.policy.reason",
  "network.policy.override",
  "network.transport.protocol",
  "server.address",
  "server.port",
  "http.request.method",
  "client.address",
  "execution.id",
  // reviewers, other agents
  "item.id",
  "status",
  "started_at_ms",
  "completed_at_ms",
  "rationale",
  "rationale_length",
  "response",
  "response_length",
  "root.turn.id",
  "parent.turn.id",
  "initiating.agent.path",
  "content",
  "state",
  "sender_thread_id",
  "receiver_thread_id",
]);

/** Events that say nothing beyond what others say. Counted by name, never dropped. */
export const noiseEvents: ReadonlySet<string> = new Set([
  "codex.startup_phase",
  "codex.turn_ttft",
  "codex.websocket_connect",
]);

/** Records of the exporter about itself, which have no event name: told by their scope. */
export const noiseScopes: ReadonlySet<string> = new Set([
  "codex_otel::metrics::client",
  "codex_otel::trace_context",
]);

/**
 * Metrics that count what the logs tell (agent-telemetry 1.7). None of them names its conversation. `codex.conversation.turn.count` is not
 * one: what other agents and a resume put into a conversation counts there as a turn too, and no prompt tells it.
 */
export const tallies: readonly TallyRow[] = [
  usage("input", "input_tokens"),
  usage("cached_input", "cached_input_tokens"),
  usage("cache_write_input", "cache_write_tokens"),
  usage("output", "output_tokens"),
  usage("reasoning_output", "reasoning_tokens"),
  { metric: "codex.tool.call", measure: "tool_calls" },
  { metric: "codex.tool.call", where: { success: ["false"] }, measure: "tool_calls_failed" },
  { metric: "codex.thread.started", measure: "starts" },
];

function usage(type: string, measure: TallyMeasure): TallyRow {
  return { metric: "codex.turn.token_usage", where: { token_type: [type] }, measure };
}

/** Sandbox words under which nothing is confined: kept as flags in the agent's own words. */
export const bypassSandboxes: ReadonlySet<string> = new Set([
  "danger-full-access",
  ":danger-full-access",
]);
