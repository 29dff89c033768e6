import { type Convention, conventionOf, noWords, type Words } from "../conventions/words.ts";

export const spanKind = "traceloop.span.kind";
export const workflow = "traceloop.workflow.name";
export const entity = "traceloop.entity.name";
export const input = "traceloop.entity.input";
export const output = "traceloop.entity.output";
export const requestType = "llm.request.type";

const properties = "traceloop.association.properties";

/** Names an application gives a conversation by `withAssociationProperties`, which has no fixed ones. */
export const sessionProperties: readonly string[] = [
  `${properties}.session_id`,
  `${properties}.conversation_id`,
  `${properties}.thread_id`,
  `${properties}.chat_id`,
];

/**
 * Names of OpenLLMetry (agent-telemetry 11.2). Its spans of runs and tools have names of their own; its spans of model calls speak the GenAI
 * conventions of the day the release was made, so that every generation of those names stands here, newest first.
 */
export const names: Words = {
  ...noWords,
  operation: ["gen_ai.operation.name", requestType],
  provider: ["gen_ai.provider.name", "gen_ai.system", "llm.vendor"],
  requestModel: ["gen_ai.request.model", "llm.request.model"],
  responseModel: ["gen_ai.response.model", "llm.response.model"],
  session: ["gen_ai.conversation.id", ...sessionProperties, "session.id"],
  agentName: ["gen_ai.agent.name"],
  tool: ["gen_ai.tool.name", entity],
  call: ["gen_ai.tool.call.id"],
  arguments: ["gen_ai.tool.call.arguments"],
  result: ["gen_ai.tool.call.result"],
  inputTokens: [
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.usage.prompt_tokens",
  ],
  outputTokens: [
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.usage.completion_tokens",
  ],
  cachedTokens: [
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "llm.usage.cache_read_input_tokens",
  ],
  cacheWriteTokens: [
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "llm.usage.cache_creation_input_tokens",
  ],
  reasoningTokens: [
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "llm.usage.reasoning_tokens",
  ],
  input: ["gen_ai.input.messages", "gen_ai.prompt", input],
  inputFlat: ["gen_ai.prompt", "llm.prompts"],
  output: ["gen_ai.output.messages", "gen_ai.completion", output],
  outputFlat: ["gen_ai.completion", "llm.completions"],
  errorType: ["error.type"],
};

export type Reading = "inference" | "embeddings" | "tool" | "turn" | "agent" | "guard" | "noise";

/**
 * What a kind of span is to us. It wins over the operation: an agent's span may name the operation of the calls below it. A kind that is not
 * here leaves the span to its operation.
 */
export const kinds: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ["workflow", "turn"],
  ["agent", "agent"],
  ["tool", "tool"],
]);

/** What an operation is to us. A span with neither is kept whole as `opaque`. */
export const operations: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ["chat", "inference"],
  ["completion", "inference"],
  ["text_completion", "inference"],
  ["generate_content", "inference"],
  ["embedding", "embeddings"],
  ["embeddings", "embeddings"],
  ["execute_tool", "tool"],
  ["invoke_agent", "agent"],
  ["guard", "guard"],
  ["rerank", "noise"],
  ["invoke_workflow", "noise"],
]);

/** Kinds that wrap the spans that say what happened, unless they name a model call as well. Counted by name. */
export const wrapping: ReadonlySet<string> = new Set(["task", "session"]);

/** A guard of `@traceloop/node-server-sdk` and its verdict; the span around several guards repeats theirs. */
export const guard = {
  name: "gen_ai.guardrail.name",
  status: "gen_ai.guardrail.status",
  error: "gen_ai.guardrail.error.type",
  count: "gen_ai.guardrail.guard_count",
} as const;

/** Listed attributes that are kept as text. */
const kept = [
  spanKind,
  workflow,
  requestType,
  "traceloop.entity.path",
  "traceloop.entity.version",
  "traceloop.prompt.key",
  "traceloop.prompt.version",
  "gen_ai.operation.name",
  "gen_ai.response.id",
  "gen_ai.response.finish_reasons",
  "gen_ai.agent.id",
  "mcp.method.name",
  "server.address",
] as const;

/** Who the payload says it is: kept as claims (contract 3). */
const claims = [`${properties}.user_id`, "user.id", "user.email", "enduser.id"] as const;

/** Sums of what is read, and parameters that say nothing an auditor asks for. */
const ignored = [
  "gen_ai.usage.total_tokens",
  "llm.usage.total_tokens",
  "gen_ai.request.max_tokens",
  "gen_ai.request.temperature",
  "gen_ai.request.top_p",
  "gen_ai.request.stream",
  "llm.is_streaming",
] as const;

export const convention: Convention = conventionOf({ words: names, kept, claims, ignored });
