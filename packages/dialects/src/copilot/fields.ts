/** Names GitHub Copilot uses on the wire (agent-telemetry 5), in its CLI and in VS Code, and what each means to us. Newest name first. */

/** Both name themselves in the resource and the scope; an operator may rename either, so their own attributes tell them too. */
export const services: ReadonlySet<string> = new Set(["github-copilot", "copilot-chat"]);
export const scopes: ReadonlySet<string> = new Set(["github.copilot", "copilot-chat"]);
export const eventPrefix = "copilot_chat.";

/** Attributes that only Copilot writes. */
export const marks = {
  cli: [
    "github.copilot.interaction_id",
    "github.copilot.initiator",
    "github.copilot.permission.result",
    "github.copilot.turn_count",
    "github.copilot.agent.type",
    "github.copilot.context.skills",
  ],
  chat: [
    "copilot_chat.chat_session_id",
    "copilot_chat.session_id",
    "copilot_chat.turn_count",
    "copilot_chat.hook_type",
  ],
} as const;

export const names = {
  operation: ["gen_ai.operation.name"],
  provider: ["gen_ai.provider.name", "gen_ai.system"],
  requestModel: ["gen_ai.request.model"],
  responseModel: ["gen_ai.response.model"],
  session: ["gen_ai.conversation.id", "copilot_chat.chat_session_id", "copilot_chat.session_id"],
  parentSession: ["copilot_chat.parent_chat_session_id"],
  interaction: ["github.copilot.interaction_id"],
  agentName: ["gen_ai.agent.name"],
  tool: ["gen_ai.tool.name"],
  call: ["gen_ai.tool.call.id"],
  arguments: ["gen_ai.tool.call.arguments"],
  /** One parameter of a shell tool, which VS Code sends beside the arguments or instead of them. */
  command: ["github.copilot.tool.parameters.command"],
  file: ["github.copilot.tool.parameters.file_path"],
  result: ["gen_ai.tool.call.result"],
  exitCode: ["process.exit.code"],
  errorType: ["error.type"],
  /** Without content capture a server has only its SHA-256. */
  mcpServer: [
    "github.copilot.tool.parameters.mcp_server_name",
    "github.copilot.mcp.server.name",
    "github.copilot.tool.parameters.mcp_server_name_hash",
    "github.copilot.mcp.server.name_hash",
  ],
  mcpTransport: ["github.copilot.mcp.server.transport"],
  input: ["gen_ai.input.messages"],
  output: ["gen_ai.output.messages"],
  userRequest: ["copilot_chat.user_request"],
  instructions: ["gen_ai.system_instructions"],
  toolDefinitions: ["gen_ai.tool.definitions"],
  inputTokens: ["gen_ai.usage.input_tokens"],
  outputTokens: ["gen_ai.usage.output_tokens"],
  cachedTokens: ["gen_ai.usage.cache_read.input_tokens"],
  cacheWriteTokens: [
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation.input_tokens",
  ],
  reasoningTokens: ["gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens"],
  firstChunkS: ["gen_ai.response.time_to_first_chunk", "github.copilot.time_to_first_chunk"],
  firstTokenMs: ["copilot_chat.time_to_first_token"],
  purpose: ["copilot_chat.debug_log_label"],
  permission: ["github.copilot.permission.result"],
  permissionTool: ["github.copilot.permission.tool_name", "gen_ai.tool.name"],
  repository: ["github.copilot.git.repository", "copilot_chat.repo.remote_url"],
  mcpServers: ["github.copilot.context.mcp_server_names"],
} as const;

export type Reading = "inference" | "embeddings" | "tool" | "run" | "hook" | "seen" | "noise";

/** What an operation is to us. One that is not here is kept whole as `opaque`. */
export const operations: Readonly<Record<string, Reading>> = {
  chat: "inference",
  text_completion: "inference",
  embeddings: "embeddings",
  execute_tool: "tool",
  invoke_agent: "run",
  execute_hook: "hook",
  content_event: "seen",
  // These wrap the calls that say what happened.
  plan: "noise",
  invoke_workflow: "noise",
};

/** These spans have no operation: only their name tells them, and the permission span its own attributes. */
export const permissionSpan = "permission";
export const notificationSpan = "custom_notification";

/** Attributes that are kept as text beside the body. */
export const kept = {
  run: [
    "gen_ai.agent.name",
    "gen_ai.agent.id",
    "gen_ai.response.finish_reasons",
    "github.copilot.agent.type",
    "github.copilot.turn_count",
    "github.copilot.context.skills",
    "github.copilot.git.branch",
    "github.copilot.git.commit_sha",
    "github.copilot.github.org",
    "copilot_chat.repo.head_branch_name",
    "copilot_chat.repo.head_commit_hash",
    "copilot_chat.turn_count",
    "copilot_chat.mode_name",
  ],
  inference: [
    "gen_ai.agent.name",
    "gen_ai.response.id",
    "gen_ai.response.finish_reasons",
    "server.address",
    "server.port",
    "github.copilot.cost",
    "github.copilot.aiu",
    "github.copilot.nano_aiu",
    "github.copilot.initiator",
    "github.copilot.server_duration",
    "github.copilot.turn_id",
    "github.copilot.auto_mode",
    "copilot_chat.debug_name",
    "copilot_chat.copilot_usage_nano_aiu",
  ],
  tool: [
    "gen_ai.tool.type",
    "process.executable.name",
    "github.copilot.mcp.server.transport",
    "github.copilot.mcp.server.source",
    "github.copilot.tool.parameters.mcp_tool_name",
    "github.copilot.tool.parameters.mcp_server_name_hash",
    "github.copilot.tool.parameters.edit_type",
    "github.copilot.tool.parameters.skill_name",
  ],
  permission: ["github.copilot.permission.kind"],
  hook: [
    "copilot_chat.hook_type",
    "copilot_chat.hook_command",
    "copilot_chat.hook_result_kind",
    "github.copilot.hook.decision",
    "github.copilot.hook.tool_names",
    "github.copilot.hook.duration",
  ],
} as const;

/** Who the payload says it is: never believed, kept as claims (contract 3). VS Code sends them only where its operator turned it on. */
export const claims = ["user.name", "user.id", "user.email", "enduser.pseudo.id"] as const;
export const resourceClaims = ["host.name", "process.user.name"] as const;

/** Say nothing an auditor asks for. */
const ignored = [
  "gen_ai.request.stream",
  "gen_ai.request.max_tokens",
  "gen_ai.request.temperature",
  "gen_ai.request.top_p",
  "gen_ai.tool.description",
  "gen_ai.agent.description",
  "gen_ai.agent.version",
  "copilot_chat.request.max_prompt_tokens",
] as const;

/** Attributes that are read or ignored. Everything else is kept as content, so that nothing a newer release says is lost. */
export const known: ReadonlySet<string> = new Set<string>([
  ...Object.values(names).flat(),
  ...Object.values(kept).flat(),
  ...claims,
  ...ignored,
]);
