/** Names Gemini CLI uses on the wire (agent-telemetry 3; captures of 0.61.0), and what each means to us. */

/** Scope of its logs, spans and metrics, and its `service.name`. */
export const scopeName = "gemini-cli";
export const eventPrefix = "gemini_cli.";
/** Repeats what `api_request`, `api_response` and `api_error` say, in the words of the conventions. */
export const detailsEvent = "gen_ai.client.inference.operation.details";

/** On every event. A span names its conversation under the conventions' name; the resource of both names it too. */
export const common = {
  event: "event.name",
  time: "event.timestamp",
  session: "session.id",
  conversation: "gen_ai.conversation.id",
  prompt: "prompt_id",
  promptOfSpan: "gen_ai.prompt.name",
  model: "model",
  interactive: "interactive",
} as const;

/** The whole command line, the text of a prompt among it, whatever the operator withholds: never kept. */
export const withheldResource: ReadonlySet<string> = new Set(["process.command_args"]);

/** Who the payload says it is: never believed, kept as claims (contract 3). */
export const claims = ["user.email", "installation.id"] as const;

/** Attributes that are kept as text beside the body. */
export const kept = {
  config: [
    "model",
    "embedding_model",
    "interactive",
    "auth_type",
    "core_tools_enabled",
    "log_user_prompts_enabled",
    "debug_mode",
    "mcp_tools",
    "output_format",
    "extensions",
    "extension_ids",
    "worktree_active",
    "api_key_enabled",
    "vertex_ai_enabled",
    "file_filtering_respect_git_ignore",
  ],
  tool: [
    "tool_type",
    "content_length",
    "extension_name",
    "extension_id",
    "start_time",
    "end_time",
    "interactive",
  ],
  approval: ["decision", "success", "interactive"],
  inference: [
    "role",
    "auth_type",
    "finish_reasons",
    "tool_token_count",
    "total_token_count",
    "gen_ai.operation.name",
    "gen_ai.response.id",
    "gen_ai.response.finish_reasons",
    "server.address",
    "server.port",
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
  "extensions_count",
  "experiments.ids",
  "prompt",
  "prompt_length",
  "function_name",
  "function_args",
  "duration_ms",
  "duration",
  "mcp_server_name",
  "error",
  "error.message",
  "error_type",
  "error.type",
  "status_code",
  "http.status_code",
  "model_name",
  "request_text",
  "response_text",
  "input_token_count",
  "output_token_count",
  "cached_content_token_count",
  "thoughts_token_count",
]);

/**
 * Attributes of the conventions' event and of spans that are read, or that repeat the content of an event beside them. The system's own
 * instructions come even where prompts are withheld; they are kept as content, once per request.
 */
export const knownOfConventions: ReadonlySet<string> = new Set<string>([
  ...known,
  "gen_ai.system_instructions",
  "gen_ai.tool.definitions",
  "gen_ai.tool.description",
  "gen_ai.tool.name",
  "gen_ai.tool.call_id",
  "gen_ai.agent.name",
  "gen_ai.agent.description",
  "gen_ai.input.messages",
  "gen_ai.output.messages",
  "gen_ai.output.type",
  "gen_ai.provider.name",
  "gen_ai.request.model",
  "gen_ai.response.model",
  "gen_ai.usage.input_tokens",
  "gen_ai.usage.output_tokens",
  "gen_ai.request.temperature",
  "gen_ai.request.top_p",
  "gen_ai.request.top_k",
  "gen_ai.request.choice.count",
  "gen_ai.request.seed",
  "gen_ai.request.frequency_penalty",
  "gen_ai.request.presence_penalty",
  "gen_ai.request.max_tokens",
  "gen_ai.request.stop_sequences",
]);

/** Modes under which nobody is asked: kept as flags in the agent's own words. */
export const bypassModes: ReadonlySet<string> = new Set(["yolo"]);
