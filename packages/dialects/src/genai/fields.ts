import { type Convention, conventionOf, noWords, type Words } from "../conventions/words.ts";

/**
 * Names of the OpenTelemetry GenAI conventions, newest first, then those they replaced, then those of libraries that came before them
 * (agent-telemetry 10.4, 11.3). The set still moves: a rename is a new first entry.
 */
export const names: Words = {
  ...noWords,
  operation: ["gen_ai.operation.name", "ai.operationId"],
  provider: ["gen_ai.provider.name", "gen_ai.system", "ai.model.provider"],
  requestModel: ["gen_ai.request.model", "ai.model.id"],
  responseModel: ["gen_ai.response.model", "ai.response.model"],
  session: ["gen_ai.conversation.id", "session.id", "ai.telemetry.metadata.sessionId"],
  agentName: ["gen_ai.agent.name", "agent.name", "ai.telemetry.functionId"],
  agentVersion: ["gen_ai.agent.version"],
  tool: ["gen_ai.tool.name", "ai.toolCall.name"],
  call: ["gen_ai.tool.call.id", "ai.toolCall.id"],
  arguments: ["gen_ai.tool.call.arguments", "ai.toolCall.args"],
  result: ["gen_ai.tool.call.result", "ai.toolCall.result"],
  inputTokens: [
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "ai.usage.inputTokens",
    "ai.usage.promptTokens",
    "ai.usage.tokens",
  ],
  outputTokens: [
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "ai.usage.outputTokens",
    "ai.usage.completionTokens",
  ],
  cachedTokens: [
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "ai.usage.inputTokenDetails.cacheReadTokens",
    "ai.usage.cachedInputTokens",
  ],
  cacheWriteTokens: [
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "ai.usage.inputTokenDetails.cacheWriteTokens",
  ],
  reasoningTokens: [
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "ai.usage.outputTokenDetails.reasoningTokens",
    "ai.usage.reasoningTokens",
  ],
  timeToFirstChunkS: [
    "gen_ai.response.time_to_first_chunk",
    "gen_ai.client.operation.time_to_first_chunk",
  ],
  inputFlat: ["gen_ai.prompt"],
  outputFlat: ["gen_ai.completion"],
  input: ["gen_ai.input.messages", "gen_ai.prompt", "ai.prompt.messages", "ai.prompt", "ai.values"],
  output: [
    "gen_ai.output.messages",
    "gen_ai.completion",
    "ai.response.toolCalls",
    "ai.response.object",
  ],
  outputText: ["ai.response.text"],
  errorType: ["error.type"],
  httpStatus: ["http.response.status_code"],
};

export type Reading = "inference" | "embeddings" | "tool" | "turn" | "noise";

/** What an operation is to us. An operation that is not here is kept whole as `opaque`. */
export const operations: Readonly<Record<string, Reading>> = {
  chat: "inference",
  generate_content: "inference",
  text_completion: "inference",
  completion: "inference",
  embeddings: "embeddings",
  execute_tool: "tool",
  invoke_agent: "turn",
  // A step of a loop and a plan wrap the calls that say what happened.
  agent_step: "noise",
  plan: "noise",
  invoke_workflow: "noise",
  // Vercel AI SDK before 7: the outer span is the run, `do…` the model call.
  "ai.generateText": "turn",
  "ai.streamText": "turn",
  "ai.generateObject": "turn",
  "ai.streamObject": "turn",
  "ai.generateText.doGenerate": "inference",
  "ai.streamText.doStream": "inference",
  "ai.generateObject.doGenerate": "inference",
  "ai.streamObject.doStream": "inference",
  "ai.embed": "noise",
  "ai.embedMany": "noise",
  "ai.embed.doEmbed": "embeddings",
  "ai.embedMany.doEmbed": "embeddings",
  "ai.toolCall": "tool",
};

/** Listed attributes that are kept as text. */
export const kept = [
  "gen_ai.operation.name",
  "gen_ai.response.id",
  "gen_ai.response.finish_reasons",
  "gen_ai.agent.id",
  "gen_ai.tool.type",
  "gen_ai.output.type",
  "server.address",
  "server.port",
  "mcp.method.name",
  "mcp.session.id",
  "network.transport",
  "ai.response.finishReason",
] as const;

/** Who the payload says it is: kept as claims (contract 3). */
export const claims = [
  "user.id",
  "user.email",
  "enduser.id",
  "ai.telemetry.metadata.userId",
] as const;

/** Parameters of a request that say nothing an auditor asks for. */
const ignored = [
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
  "operation.name",
  "resource.name",
  "ai.settings.maxRetries",
  "ai.settings.maxOutputTokens",
  "ai.settings.temperature",
  "ai.settings.output",
  "ai.request.headers.user-agent",
  "ai.response.id",
  "ai.response.timestamp",
  "ai.response.providerMetadata",
  "ai.usage.totalTokens",
  "ai.usage.inputTokenDetails.noCacheTokens",
  "ai.usage.outputTokenDetails.textTokens",
] as const;

export const convention: Convention = conventionOf({ words: names, kept, claims, ignored });

/** Metrics of the conventions repeat the spans as sums (agent-telemetry 10.3, 10.4). Counted by name. */
export const noiseMetrics: ReadonlySet<string> = new Set([
  "gen_ai.client.operation.duration",
  "gen_ai.client.token.usage",
  "gen_ai.client.inference.duration",
  "gen_ai.client.inference.usage.input_tokens",
  "gen_ai.client.inference.usage.output_tokens",
  "gen_ai.client.inference.usage.cache_read.input_tokens",
  "gen_ai.client.inference.usage.cache_write.input_tokens",
  "gen_ai.client.inference.usage.reasoning.output_tokens",
  "gen_ai.client.inference.operation.input_tokens",
  "gen_ai.client.inference.operation.output_tokens",
  "gen_ai.client.operation.time_to_first_chunk",
  "gen_ai.client.operation.time_per_output_chunk",
  "gen_ai.server.request.duration",
  "gen_ai.server.time_per_output_token",
  "gen_ai.server.time_to_first_token",
  "gen_ai.invoke_agent.duration",
  "gen_ai.invoke_agent.inference_calls",
  "gen_ai.invoke_agent.tool_calls",
  "gen_ai.execute_tool.duration",
  "gen_ai.invoke_workflow.duration",
  "mcp.client.operation.duration",
  "mcp.client.session.duration",
  "mcp.server.operation.duration",
  "mcp.server.session.duration",
]);
