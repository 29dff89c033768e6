import { genAiWords } from "../conventions/gen-ai-words.ts";
import { type Convention, conventionOf, type Words } from "../conventions/words.ts";

export const runType = "langsmith.span.kind";
export const isRoot = "langsmith.is_root";
export const input = "gen_ai.prompt";
export const output = "gen_ai.completion";
export const usage: readonly string[] = [
  "langsmith.usage_metadata",
  "langsmith.metadata.usage_metadata",
];

const metadata = "langsmith.metadata";

/**
 * Names of LangSmith's own OpenTelemetry export. It writes the conventions' older names for what went in and came out, as JSON of its own,
 * and everything the application said of a run as metadata. A thread is a conversation; its `session` is a project and names none.
 */
export const names: Words = {
  ...genAiWords,
  session: [
    "gen_ai.conversation.id",
    `${metadata}.session_id`,
    `${metadata}.thread_id`,
    `${metadata}.conversation_id`,
  ],
  agentName: ["gen_ai.agent.name", `${metadata}.lc_agent_name`],
  tool: ["gen_ai.tool.name", "langsmith.trace.name"],
  call: ["gen_ai.tool.call.id", `${metadata}.tool_call_id`],
  requestModel: ["gen_ai.request.model", `${metadata}.ls_model_name`],
  input: [input],
  inputFlat: [],
  output: [output],
  outputFlat: [],
};

export type Reading = "inference" | "embeddings" | "tool" | "chain" | "noise";

/** What a type of run is to us. A type that is not here is kept whole as `opaque`. */
export const runTypes: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ["llm", "inference"],
  ["embedding", "embeddings"],
  ["tool", "tool"],
  ["chain", "chain"],
  // They prepare what a model is asked, or take its answer apart.
  ["prompt", "noise"],
  ["parser", "noise"],
  ["retriever", "noise"],
]);

/** Listed attributes that are kept as text. */
const kept = [
  runType,
  "langsmith.trace.name",
  "langsmith.trace.session_name",
  "langsmith.span.tags",
  `${metadata}.langgraph_node`,
  "gen_ai.operation.name",
  "gen_ai.response.id",
  "gen_ai.response.finish_reasons",
] as const;

/** Who the payload says it is: kept as claims (contract 3). */
const claims = [`${metadata}.user_id`, "user.id"] as const;

/** LangSmith's own ids of what OpenTelemetry names too, counts that are read from the usage, and settings. */
const ignored = [
  ...usage,
  isRoot,
  "langsmith.traceable",
  "langsmith.traceable_parent_otel_span_id",
  "langsmith.span.id",
  "langsmith.span.parent_id",
  "langsmith.span.dotted_order",
  "langsmith.trace.id",
  "langsmith.trace.session_id",
  "gen_ai.usage.total_tokens",
  "gen_ai.usage.input_token_details",
  "gen_ai.usage.output_token_details",
  "gen_ai.response.system_fingerprint",
  "gen_ai.response.service_tier",
  "gen_ai.request.max_tokens",
  "gen_ai.request.temperature",
  "gen_ai.request.top_p",
  `${metadata}.LANGSMITH_TRACING`,
  `${metadata}.LANGSMITH_OTEL_ENABLED`,
  `${metadata}.ls_provider`,
  `${metadata}.ls_model_type`,
] as const;

/** Hidden inputs and outputs are sent as an empty object; what is not there was never set. */
export const convention: Convention = conventionOf({
  words: names,
  kept,
  claims,
  ignored,
  absent: "missing",
});
