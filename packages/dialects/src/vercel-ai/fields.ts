import { genAiClaims, genAiIgnored, genAiKept, genAiWords } from "../conventions/gen-ai-words.ts";
import type { Reading } from "../conventions/readings.ts";
import { type Convention, conventionOf } from "../conventions/words.ts";

/** The tracer of version 7. Earlier ones trace as `ai`. */
export const tracer = "gen_ai";

/** JSON of what the provider says of its answer, by the name of the provider. */
export const providerMetadata = "ai.response.providerMetadata";

/** Where applications put the name of their conversation: metadata of telemetry up to version 6, runtime context in version 7. */
const sessions = ["sessionId", "session_id", "conversationId", "threadId", "chatId"] as const;
const contexts = ["ai.telemetry.metadata", "ai.settings.context"] as const;

const words = {
  ...genAiWords,
  operation: ["ai.operationId", ...genAiWords.operation],
  provider: [...genAiWords.provider, "ai.model.provider"],
  requestModel: [...genAiWords.requestModel, "ai.model.id"],
  responseModel: [...genAiWords.responseModel, "ai.response.model"],
  session: [
    ...genAiWords.session,
    ...sessions.flatMap((name) => contexts.map((prefix) => `${prefix}.${name}`)),
  ],
  agentName: [...genAiWords.agentName, "ai.telemetry.functionId"],
  tool: [...genAiWords.tool, "ai.toolCall.name"],
  call: [...genAiWords.call, "ai.toolCall.id"],
  arguments: [...genAiWords.arguments, "ai.toolCall.args"],
  result: [...genAiWords.result, "ai.toolCall.result"],
  inputTokens: [
    ...genAiWords.inputTokens,
    "ai.usage.inputTokens",
    "ai.usage.promptTokens",
    "ai.usage.tokens",
  ],
  outputTokens: [...genAiWords.outputTokens, "ai.usage.outputTokens", "ai.usage.completionTokens"],
  cachedTokens: [
    ...genAiWords.cachedTokens,
    "ai.usage.inputTokenDetails.cacheReadTokens",
    "ai.usage.cachedInputTokens",
  ],
  cacheWriteTokens: [...genAiWords.cacheWriteTokens, "ai.usage.inputTokenDetails.cacheWriteTokens"],
  reasoningTokens: [
    ...genAiWords.reasoningTokens,
    "ai.usage.outputTokenDetails.reasoningTokens",
    "ai.usage.reasoningTokens",
  ],
  timeToFirstChunkMs: ["ai.response.msToFirstChunk", "ai.stream.msToFirstChunk"],
  input: [
    "gen_ai.input.messages",
    "ai.prompt.messages",
    "ai.prompt",
    "ai.values",
    "ai.value",
    "ai.decision.state",
    "ai.documents",
  ],
  inputFlat: [],
  output: ["gen_ai.output.messages", "ai.response.toolCalls", "ai.response.object"],
  outputFlat: [],
  outputText: ["ai.response.text"],
};

/** Parameters and copies that say nothing an auditor asks for. */
const ignored = [
  ...genAiIgnored,
  "operation.name",
  "resource.name",
  "ai.settings.maxRetries",
  "ai.settings.maxOutputTokens",
  "ai.settings.maxTokens",
  "ai.settings.maxSteps",
  "ai.settings.temperature",
  "ai.settings.output",
  "ai.settings.mode",
  "ai.prompt.format",
  "ai.request.headers.user-agent",
  "ai.response.id",
  "ai.response.timestamp",
  providerMetadata,
  "ai.response.msToFinish",
  "ai.response.avgOutputTokensPerSecond",
  "ai.response.avgCompletionTokensPerSecond",
  "ai.usage.totalTokens",
  "ai.usage.inputTokenDetails.noCacheTokens",
  "ai.usage.outputTokenDetails.textTokens",
];

export const convention: Convention = conventionOf({
  words,
  kept: [...genAiKept, "ai.response.finishReason", "ai.telemetry.functionId"],
  claims: [
    ...genAiClaims,
    ...contexts.flatMap((prefix) => [`${prefix}.userId`, `${prefix}.user_id`]),
  ],
  ignored,
});

/** Up to version 6 the outer span is the run, `do…` the model call; version 7 speaks the GenAI conventions. */
export const operations: Readonly<Record<string, Reading>> = {
  "ai.generateText": "turn",
  "ai.streamText": "turn",
  "ai.generateObject": "turn",
  "ai.streamObject": "turn",
  "ai.workflowAgent.stream": "turn",
  "ai.generateText.doGenerate": "inference",
  "ai.streamText.doStream": "inference",
  "ai.generateObject.doGenerate": "inference",
  "ai.streamObject.doStream": "inference",
  "ai.toolCall": "tool",
  "ai.embed": "noise",
  "ai.embedMany": "noise",
  "ai.rerank": "noise",
  "ai.embed.doEmbed": "side",
  "ai.embedMany.doEmbed": "side",
  "ai.rerank.doRerank": "side",
  "ai.generateSpeech": "side",
  "ai.transcribe": "side",
  "ai.streamTranscribe": "side",
  invoke_agent: "turn",
  chat: "inference",
  execute_tool: "tool",
  embeddings: "side",
  rerank: "side",
  decide: "side",
  // A step of the loop wraps the calls that say what happened.
  agent_step: "noise",
};
