import { type Convention, conventionOf, noWords, type Words } from "../conventions/words.ts";

export const spanKind = "openinference.span.kind";
const project = "openinference.project.name";
export const node = "graph.node.id";
export const metadata = "metadata";
export const triggered = "guardrail.triggered";
export const guardrailName: readonly string[] = ["guardrail.name", "tool.name"];

/**
 * Names of OpenInference (agent-telemetry 11.1), first of each row. Behind them stand the names of libraries whose spans an OpenInference
 * processor marked without renaming everything.
 */
export const names: Words = {
  ...noWords,
  provider: ["llm.provider", "llm.system", "gen_ai.provider.name", "gen_ai.system"],
  responseModel: ["llm.model_name", "embedding.model_name", "gen_ai.response.model"],
  requestModel: ["gen_ai.request.model"],
  session: ["session.id", "gen_ai.conversation.id"],
  agentName: ["agent.name", "gen_ai.agent.name"],
  tool: ["tool.name", "tool_call.function.name", "gen_ai.tool.name", "ai.toolCall.name"],
  call: ["tool_call.id", "tool.id", "gen_ai.tool.call.id", "ai.toolCall.id"],
  arguments: ["tool_call.function.arguments", "input.value"],
  result: ["output.value"],
  inputTokens: ["llm.token_count.prompt", "gen_ai.usage.input_tokens"],
  outputTokens: ["llm.token_count.completion", "gen_ai.usage.output_tokens"],
  cachedTokens: [
    "llm.token_count.prompt_details.cache_read",
    "llm.token_count.prompt_details.cache_input",
    "gen_ai.usage.cache_read.input_tokens",
  ],
  cacheWriteTokens: [
    "llm.token_count.prompt_details.cache_write",
    "gen_ai.usage.cache_creation.input_tokens",
  ],
  reasoningTokens: [
    "llm.token_count.completion_details.reasoning",
    "gen_ai.usage.reasoning.output_tokens",
  ],
  costUsd: ["llm.cost.total"],
  input: ["input.value"],
  inputFlat: ["llm.input_messages", "llm.prompts"],
  output: ["output.value"],
  outputFlat: ["llm.output_messages", "llm.choices"],
  errorType: ["error.type"],
};

export type Reading =
  | "inference"
  | "embeddings"
  | "tool"
  | "agent"
  | "chain"
  | "guardrail"
  | "noise";

/** What a kind of span is to us. A kind that is not here is kept whole as `opaque`. */
export const kinds: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ["LLM", "inference"],
  ["EMBEDDING", "embeddings"],
  ["TOOL", "tool"],
  ["AGENT", "agent"],
  ["CHAIN", "chain"],
  ["GUARDRAIL", "guardrail"],
  // They prepare what a model is asked, or judge it afterwards: none of them is the agent's action.
  ["RETRIEVER", "noise"],
  ["RERANKER", "noise"],
  ["PROMPT", "noise"],
  ["EVALUATOR", "noise"],
]);

/** Listed attributes that are kept as text. */
const kept = [
  spanKind,
  "llm.finish_reason",
  "gen_ai.response.id",
  "tag.tags",
  node,
  "graph.node.name",
  "graph.node.parent_id",
] as const;

/** Who the payload says it is: kept as claims (contract 3). */
const claims = ["user.id", "user.email"] as const;

/** Read elsewhere, or a sum of what is. The vectors of an embedding are the answer to a text that is kept. */
const ignored = [
  triggered,
  "guardrail.name",
  project,
  "input.mime_type",
  "output.mime_type",
  "llm.token_count.total",
] as const;

/** Content is sent unless somebody hides it, and then it is masked: what is not there was never set. */
export const convention: Convention = conventionOf({
  words: names,
  kept,
  claims,
  ignored,
  ignoredUnder: ["embedding.embeddings"],
  absent: "missing",
});
