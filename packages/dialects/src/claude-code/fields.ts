import type { TallyMeasure, TallyRow } from "@custody/model";

/** Names Claude Code uses on the wire (agent-telemetry 2.2 to 2.5), and what each means to us. */

export const metricScope = "com.anthropic.claude_code";
export const scopePrefix = "com.anthropic.claude_code.";

/** On every event and span. */
export const common = {
  event: "event.name",
  time: "event.timestamp",
  sequence: "event.sequence",
  session: "session.id",
  prompt: "prompt.id",
  version: "app.version",
  model: "model",
} as const;

/** Who the payload says it is: never believed, kept as claims (contract 3). */
export const claims = [
  "user.id",
  "user.email",
  "user.account_uuid",
  "user.account_id",
  "organization.id",
  "user.groups",
  "identity.source",
  "enduser.id",
] as const;

/** Attributes of events that are kept as text beside the body. */
export const kept = {
  prompt: ["message.uuid", "command_name", "command_source", "workflow.name", "workflow.run_id"],
  inference: [
    "request_id",
    "client_request_id",
    "message.uuid",
    "effort",
    "speed",
    "agent.name",
    "agent_id",
    "parent_agent_id",
    "skill.name",
    "plugin.name",
    "mcp_server.name",
    "mcp_tool.name",
    "cache_creation_5m_tokens",
    "cache_creation_1h_tokens",
    "server_fallback_hop",
    "request_body_id",
  ],
  tool: [
    "request_id",
    "tool_source",
    "agent_id",
    "parent_agent_id",
    "mcp_server_scope",
    "decision_type",
    "decision_source",
    "tool_input_size_bytes",
  ],
  approval: [
    "request_id",
    "classifier_verdict",
    "classifier_category",
    "agent_id",
    "parent_agent_id",
  ],
} as const;

/** Attributes that are read into a body, or that say nothing an auditor asks for. Everything else is kept as content. */
export const known: ReadonlySet<string> = new Set<string>([
  ...Object.values(common),
  ...claims,
  ...Object.values(kept).flat(),
  "terminal.type",
  "app.entrypoint",
  "anthropic.provider",
  "anthropic.custom_base_url",
  "workspace.host_paths",
  "prompt",
  "prompt_text",
  "prompt_length",
  "response",
  "response_length",
  "query_source",
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_creation_tokens",
  "cost_usd",
  "cost_usd_micros",
  "duration_ms",
  "ttft_ms",
  "attempt",
  "total_attempts",
  "total_retry_duration_ms",
  "status_code",
  "error",
  "body",
  "body_length",
  "body_truncated",
  "body_ref",
  "decision",
  "source",
  "tool_name",
  "tool_use_id",
  "tool_parameters",
  "tool_input",
  "tool_result_size_bytes",
  "permission_mode",
  "success",
  "error_type",
  "from_mode",
  "to_mode",
  "trigger",
]);

/** Attributes of spans that are read, or repeat what the rest of the span says. */
export const knownOnSpans: ReadonlySet<string> = new Set<string>([
  ...known,
  "span.type",
  "gen_ai.conversation.id",
  "gen_ai.provider.name",
  "gen_ai.operation.name",
  "gen_ai.system",
  "gen_ai.request.model",
  "gen_ai.response.id",
  "gen_ai.response.finish_reasons",
  "gen_ai.tool.name",
  "gen_ai.tool.call.id",
  "anthropic.mcp.server.name",
  "user_prompt",
  "user_prompt_length",
  "interaction.sequence",
  "interaction.duration_ms",
  "parent.source",
  "queued_sends",
  "llm_request.context",
  "query_source_safe",
  "first_content_ms",
  "stop_reason",
  "tool_name_safe",
  "bash_argv0",
  "bash_command_class",
  "result_tokens",
  "full_command",
  "file_path",
  "skill_name",
  "subagent_type",
  "error.type",
  "error_class",
]);

/** Permission modes under which nobody is asked: kept as flags in the agent's own words. */
export const bypassModes: ReadonlySet<string> = new Set(["bypassPermissions"]);

/** Spans that repeat what the records of their parents say. Counted by name. */
export const noiseSpans: ReadonlySet<string> = new Set([
  "claude_code.hook",
  "claude_code.subagent.spawn",
  "claude_code.mcp.rpc",
  "claude_code.compaction",
  "claude_code.bash.subprocess",
]);

/** Metrics that are counted by name; those in `tallies` are only where their points are of no use there. */
export const noiseMetrics: ReadonlySet<string> = new Set([
  "claude_code.session.count",
  "claude_code.lines_of_code.count",
  "claude_code.pull_request.count",
  "claude_code.commit.count",
  "claude_code.cost.usage",
  "claude_code.token.usage",
  "claude_code.code_edit_tool.decision",
  "claude_code.active_time.total",
]);

/** Metrics that count what the logs tell (agent-telemetry 2.5). */
export const tallies: readonly TallyRow[] = [
  usage("input", "input_tokens"),
  usage("cacheRead", "cached_input_tokens"),
  usage("cacheCreation", "cache_write_tokens"),
  usage("output", "output_tokens"),
  { metric: "claude_code.cost.usage", measure: "cost_usd_micros", times: 1_000_000 },
  { metric: "claude_code.session.count", measure: "starts" },
  { metric: "claude_code.code_edit_tool.decision", measure: "edit_verdicts" },
];

function usage(type: string, measure: TallyMeasure): TallyRow {
  return { metric: "claude_code.token.usage", where: { type: [type] }, measure };
}
