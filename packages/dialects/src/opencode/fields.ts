/** Names opencode uses on the wire (agent-telemetry 6): its own spans, and those of the AI SDK that it has inside. Newest name first. */

export const service = "opencode";
/** On the resource of every release that exports, whatever its operator names the service. */
export const marks = ["opencode.run", "opencode.client"] as const;

export const names = {
  /** Of the AI SDK before 7: `ai.streamText.doStream` and so on. */
  operation: ["ai.operationId"],
  provider: ["gen_ai.provider.name", "gen_ai.system", "ai.model.provider"],
  requestModel: ["gen_ai.request.model", "ai.model.id"],
  responseModel: ["gen_ai.response.model", "ai.response.model"],
  session: ["session.id", "ai.telemetry.metadata.sessionId"],
  parentSession: ["ai.request.headers.x-parent-session-id"],
  tool: ["tool.name"],
  call: ["tool.call_id"],
  sdkTool: ["ai.toolCall.name"],
  sdkCall: ["ai.toolCall.id"],
  arguments: ["ai.toolCall.args", "ai.toolCall.input"],
  result: ["ai.toolCall.result", "ai.toolCall.output"],
  inputTokens: ["gen_ai.usage.input_tokens", "ai.usage.inputTokens", "ai.usage.promptTokens"],
  outputTokens: [
    "gen_ai.usage.output_tokens",
    "ai.usage.outputTokens",
    "ai.usage.completionTokens",
  ],
  cachedTokens: ["ai.usage.inputTokenDetails.cacheReadTokens", "ai.usage.cachedInputTokens"],
  cacheWriteTokens: ["ai.usage.inputTokenDetails.cacheWriteTokens"],
  reasoningTokens: ["ai.usage.outputTokenDetails.reasoningTokens", "ai.usage.reasoningTokens"],
  firstChunkMs: ["ai.response.msToFirstChunk"],
  input: ["ai.prompt.messages", "ai.prompt"],
  tools: ["ai.prompt.tools"],
  chosen: ["ai.response.toolCalls"],
  answer: ["ai.response.text", "ai.response.object"],
} as const;

export type Reading = "inference" | "total" | "embeddings" | "call" | "noise";

/** What an operation of the AI SDK is to us. The outer span of a step repeats the model call inside it. */
export const operations: Readonly<Record<string, Reading>> = {
  "ai.streamText.doStream": "inference",
  "ai.generateText.doGenerate": "inference",
  "ai.streamObject.doStream": "inference",
  "ai.generateObject.doGenerate": "inference",
  "ai.streamText": "total",
  "ai.generateText": "total",
  "ai.streamObject": "total",
  "ai.generateObject": "total",
  "ai.toolCall": "call",
  "ai.embed.doEmbed": "embeddings",
  "ai.embedMany.doEmbed": "embeddings",
  "ai.embed": "noise",
  "ai.embedMany": "noise",
};

/** Attributes that are kept as text beside the body. */
export const kept = {
  inference: [
    "ai.telemetry.functionId",
    "ai.response.id",
    "ai.response.finishReason",
    "ai.request.headers.x-session-affinity",
    "ai.request.headers.User-Agent",
  ],
  tool: ["message.id"],
} as const;

/** Who the payload says it is: never believed, kept as claims (contract 3). It is the name of the account at its computer. */
export const claims = ["ai.telemetry.metadata.userId", "user.id", "user.email"] as const;

/** Say nothing an auditor asks for, or repeat what is read. */
const ignored = [
  "operation.name",
  "resource.name",
  "ai.settings.maxOutputTokens",
  "ai.settings.maxRetries",
  "ai.settings.temperature",
  "ai.settings.topP",
  "ai.request.headers.X-Session-Id",
  "ai.prompt.toolChoice",
  "ai.response.avgOutputTokensPerSecond",
  "ai.response.msToFinish",
  "ai.response.providerMetadata",
  "ai.response.timestamp",
  "ai.usage.totalTokens",
  "ai.usage.inputTokenDetails.noCacheTokens",
  "ai.usage.outputTokenDetails.textTokens",
  "gen_ai.request.max_tokens",
  "gen_ai.request.temperature",
  "gen_ai.request.top_p",
  "gen_ai.response.finish_reasons",
  "gen_ai.response.id",
] as const;

/** Attributes that are read or ignored. Everything else is kept as content, so that nothing a newer release says is lost. */
export const known: ReadonlySet<string> = new Set<string>([
  ...Object.values(names).flat(),
  ...Object.values(kept).flat(),
  ...claims,
  ...ignored,
]);

/** opencode exports no metrics. A release that does is told by name here. */
export const metricNames: ReadonlyMap<string, string> = new Map();
