/** Names Qwen Code uses on the wire (agent-telemetry 4; captures of 0.24.4), and what each means to us. A fork of Gemini CLI that has diverged. */

/** Scope of its logs, spans and metrics, and its `service.name`. */
export const scopeName = "qwen-code";
export const eventPrefix = "qwen-code.";
/** Its HTTP client is instrumented too, under a scope and names of the instrumentation. */
export const instrumentationScope = "@opentelemetry/instrumentation-";

export const common = {
  event: "event.name",
  time: "event.timestamp",
  session: "session.id",
  conversation: "gen_ai.conversation.id",
  prompt: "prompt_id",
  promptOfSpan: "qwen-code.prompt_id",
  model: "model",
  subagent: "subagent_name",
} as const;

/** The whole command line, the text of a prompt among it, whatever the operator withholds: never kept. */
export const withheldResource: ReadonlySet<string> = new Set(["process.command_args"]);

/** Who the payload says it is: never believed, kept as claims (contract 3). */
export const claims = ["gen_ai.user.id", "user.email", "user.id", "installation.id"] as const;

/** Attributes that are kept as text beside the body. */
export const kept = {
  config: [
    "model",
    "core_tools_enabled",
    "debug_mode",
    "mcp_tools",
    "hooks",
    "ide_enabled",
    "interactive_shell_enabled",
    "output_format",
    "skills",
    "subagents",
    "file_filtering_respect_git_ignore",
    "truncate_tool_output_threshold",
    "truncate_tool_output_lines",
  ],
  tool: [
    "parent_call_id",
    "source",
    "status",
    "execution_status",
    "response_id",
    "tool_type",
    "content_length",
    "tool.failure_kind",
  ],
  approval: ["decision", "status", "execution_status", "tool.failure_kind"],
  inference: [
    "response_id",
    "auth_type",
    "total_token_count",
    "subagent_name",
    "gen_ai.operation.name",
    "gen_ai.response.id",
    "gen_ai.response.finish_reasons",
    "llm_request.context",
  ],
  turn: ["qwen-code.message_type", "qwen-code.turn_status", "interaction.sequence", "error.type"],
  subagent: [
    "qwen-code.subagent.id",
    "qwen-code.subagent.name",
    "qwen-code.subagent.invocation_kind",
    "qwen-code.subagent.is_built_in",
    "qwen-code.subagent.depth",
    "qwen-code.subagent.invoking_request_id",
    "qwen-code.subagent.parent_agent_id",
    "qwen-code.subagent.status",
    "qwen-code.subagent.terminate_reason",
    "qwen-code.subagent.duration_ms",
    "qwen-code.subagent.result_summary_present",
  ],
} as const;

/** Attributes that are read into a body, or that say nothing an auditor asks for. Everything else is kept as content. */
export const known: ReadonlySet<string> = new Set<string>([
  ...Object.values(common),
  ...claims,
  ...Object.values(kept).flat(),
  "sandbox_enabled",
  "approval_mode",
  "mcp_servers",
  "mcp_servers_count",
  "mcp_tools_count",
  "prompt",
  "prompt_length",
  "call_id",
  "tool.call_id",
  "tool_name",
  "tool.name",
  "function_name",
  "function_args",
  "duration_ms",
  "duration",
  "success",
  "mcp_server_name",
  "error",
  "error_message",
  "error.message",
  "error_type",
  "error.type",
  "metadata",
  "status_code",
  "http.status_code",
  "model_name",
  "request_text",
  "response_text",
  "input_token_count",
  "output_token_count",
  "cached_content_token_count",
  "thoughts_token_count",
  "ttft_ms",
  "attempt",
  "qwen-code.approval_mode",
  "qwen-code.model",
  "interaction.duration_ms",
  "new_context",
  "gen_ai.agent.name",
  "gen_ai.agent.description",
  "gen_ai.provider.name",
  "gen_ai.request.model",
  "gen_ai.response.model",
  "gen_ai.system_instructions",
  "gen_ai.tool.definitions",
  "gen_ai.input.messages",
  "gen_ai.output.messages",
  "gen_ai.usage.input_tokens",
  "gen_ai.usage.output_tokens",
  "gen_ai.usage.cache_read.input_tokens",
  "gen_ai.tool.name",
  "gen_ai.tool.type",
  "gen_ai.tool.description",
  "gen_ai.tool.call.id",
  "gen_ai.tool.call.arguments",
  "gen_ai.tool.call.result",
  "gen_ai.request.stream",
  "gen_ai.request.max_tokens",
  "gen_ai.response.time_to_first_chunk",
  "finish_reason",
  "request_setup_ms",
  "retry_total_delay_ms",
  "sampling_ms",
  "output_tokens_per_second",
  "qwen-code.context.usage",
  "decision",
  "source",
]);

/** Modes under which nobody is asked: kept as flags in the agent's own words. */
export const bypassModes: ReadonlySet<string> = new Set(["yolo"]);

/** Interactions that a prompt of the user starts; notifications and the agent's own follow-ups are interactions as well. */
export const userMessages: ReadonlySet<string> = new Set(["userQuery", "acp_prompt"]);

/**
 * Spans that repeat what the records of their parents say. The hook span is ERROR whenever no hook is configured, and one that blocked is
 * told by the span of its tool (agent-telemetry 4).
 */
export const noiseSpans: ReadonlySet<string> = new Set(["qwen-code.hook"]);

/** Requests that a server part of the agent handles: they carry no fact of a session. */
export const noiseSpanPrefix = "qwen-code.daemon.";
