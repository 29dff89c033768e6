import { type Names, noWords, type Words } from "./words.ts";

/**
 * Names of the OpenTelemetry GenAI conventions, newest first, then those they replaced (agent-telemetry 10.4). The set still moves: a rename
 * is a new first entry.
 */
export const genAiWords: Words = {
  ...noWords,
  operation: ["gen_ai.operation.name"],
  provider: ["gen_ai.provider.name", "gen_ai.system"],
  requestModel: ["gen_ai.request.model"],
  responseModel: ["gen_ai.response.model"],
  session: ["gen_ai.conversation.id", "session.id"],
  agentName: ["gen_ai.agent.name", "agent.name"],
  agentVersion: ["gen_ai.agent.version"],
  tool: ["gen_ai.tool.name"],
  call: ["gen_ai.tool.call.id"],
  arguments: ["gen_ai.tool.call.arguments"],
  result: ["gen_ai.tool.call.result"],
  mcpServer: ["mcp.server.name"],
  inputTokens: ["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"],
  outputTokens: ["gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"],
  cachedTokens: ["gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens"],
  cacheWriteTokens: [
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
  ],
  reasoningTokens: ["gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens"],
  timeToFirstChunkS: [
    "gen_ai.response.time_to_first_chunk",
    "gen_ai.client.operation.time_to_first_chunk",
  ],
  input: ["gen_ai.input.messages", "gen_ai.prompt"],
  inputFlat: ["gen_ai.prompt"],
  output: ["gen_ai.output.messages", "gen_ai.completion"],
  outputFlat: ["gen_ai.completion"],
  errorType: ["error.type"],
  errorText: ["error.message"],
  httpStatus: ["http.response.status_code"],
};

/** Listed attributes that are kept as text. */
export const genAiKept: Names = [
  "gen_ai.operation.name",
  "gen_ai.response.id",
  "gen_ai.response.finish_reasons",
  "gen_ai.agent.id",
  "gen_ai.tool.type",
  "gen_ai.output.type",
  "gen_ai.data_source.id",
  "gen_ai.workflow.name",
  "gen_ai.agent.tool.disposition",
  "gen_ai.agent.tool.tier",
  "gen_ai.agent.action_ledger.receipt_hash",
  "gen_ai.agent.kill_switch_engaged",
  "server.address",
  "server.port",
  "mcp.method.name",
  "mcp.session.id",
  "mcp.protocol.version",
  "mcp.resource.uri",
  "jsonrpc.request.id",
  "network.transport",
];

/** Who the payload says it is: kept as claims (contract 3). */
export const genAiClaims: Names = ["user.id", "user.email", "enduser.id"];

/** Parameters of a request that say nothing an auditor asks for. */
export const genAiIgnored: Names = [
  "gen_ai.request.max_tokens",
  "gen_ai.request.temperature",
  "gen_ai.request.top_p",
  "gen_ai.request.top_k",
  "gen_ai.request.stream",
  "gen_ai.request.seed",
  "gen_ai.request.stop_sequences",
  "gen_ai.request.frequency_penalty",
  "gen_ai.request.presence_penalty",
  "gen_ai.request.choice.count",
  "gen_ai.execute_tool.duration",
  "gen_ai.client.operation.duration",
  "gen_ai.client.operation.time_per_output_chunk",
  "gen_ai.tool.description",
  "gen_ai.agent.description",
  "event.name",
];
