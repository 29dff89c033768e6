import { genAiClaims, genAiIgnored, genAiKept, genAiWords } from "../conventions/gen-ai-words.ts";
import type { Reading as CommonReading } from "../conventions/readings.ts";
import { type Convention, conventionOf } from "../conventions/words.ts";

export const convention: Convention = conventionOf({
  words: genAiWords,
  kept: [
    ...genAiKept,
    "gen_ai.guardrail.target.type",
    "gen_ai.guardrail.target.subtype",
    "gen_ai.guardrail.target.id",
    "gen_ai.guardrail.component.name",
    "gen_ai.guardrail.verdict.type",
    "gen_ai.guardrail.verdict.code",
    "gen_ai.guardrail.action.type",
    "gen_ai.guardrail.security.policy.id",
    "gen_ai.guardrail.security.policy.rule.id",
    "gen_ai.guardrail.security.risk.category",
    "gen_ai.guardrail.security.risk.score",
  ],
  claims: genAiClaims,
  ignored: [...genAiIgnored, "gen_ai.guardrail.verdict.reason"],
});

/** What a span of the conventions is to us. */
export type Reading = CommonReading | "memory" | "guardrail" | "retrieval" | "setup";

/** What an operation is to us (agent-telemetry 10.1). An operation that is not here is kept whole as `opaque`. */
export const operations: Readonly<Record<string, Reading>> = {
  chat: "inference",
  generate_content: "inference",
  text_completion: "inference",
  completion: "inference",
  embeddings: "side",
  rerank: "side",
  execute_tool: "tool",
  invoke_agent: "turn",
  create_agent: "setup",
  invoke_workflow: "setup",
  retrieval: "retrieval",
  search_memory: "retrieval",
  create_memory: "memory",
  update_memory: "memory",
  upsert_memory: "memory",
  delete_memory: "memory",
  create_memory_store: "memory",
  delete_memory_store: "memory",
  run_guardrail: "guardrail",
  // These wrap the calls that say what happened.
  agent_step: "noise",
  plan: "noise",
};

/** What was fetched, newest name first. */
export const retrieved: readonly string[] = [
  "gen_ai.retrieval.documents",
  "gen_ai.memory.records",
  ...genAiWords.result,
];

/** Proposals for guardrails and for a gate before actions (agent-telemetry 10.5): in development, and read as such. */
export const guardrail = {
  decisions: ["gen_ai.guardrail.action.type", "gen_ai.guardrail.verdict.type"],
  reason: "gen_ai.guardrail.verdict.reason",
  subtype: "gen_ai.guardrail.target.subtype",
  target: "gen_ai.guardrail.target.id",
  disposition: "gen_ai.agent.tool.disposition",
} as const;

/** Metrics of the conventions, and what each measures (agent-telemetry 10.3, 10.4). They repeat the spans as sums and are counted by name. */
export const metricNames: ReadonlyMap<string, string> = new Map([
  ["gen_ai.client.operation.duration", "seconds of a model call"],
  ["gen_ai.client.token.usage", "tokens of a model call, by gen_ai.token.type"],
  ["gen_ai.client.inference.duration", "seconds of a model call"],
  ["gen_ai.client.inference.usage.input_tokens", "input tokens"],
  ["gen_ai.client.inference.usage.output_tokens", "output tokens"],
  ["gen_ai.client.inference.usage.cache_read.input_tokens", "input tokens read from a cache"],
  ["gen_ai.client.inference.usage.cache_write.input_tokens", "input tokens written to a cache"],
  ["gen_ai.client.inference.usage.reasoning.output_tokens", "output tokens spent on reasoning"],
  ["gen_ai.client.inference.operation.input_tokens", "input tokens of a model call"],
  ["gen_ai.client.inference.operation.output_tokens", "output tokens of a model call"],
  ["gen_ai.client.operation.time_to_first_chunk", "seconds to the first chunk of an answer"],
  ["gen_ai.client.operation.time_per_output_chunk", "seconds between chunks of an answer"],
  ["gen_ai.server.request.duration", "seconds of a request at the model server"],
  ["gen_ai.server.time_per_output_token", "seconds between tokens at the model server"],
  ["gen_ai.server.time_to_first_token", "seconds to the first token at the model server"],
  ["gen_ai.invoke_agent.duration", "seconds of a run of an agent"],
  ["gen_ai.invoke_agent.inference_calls", "model calls of a run of an agent"],
  ["gen_ai.invoke_agent.tool_calls", "tool calls of a run of an agent"],
  ["gen_ai.execute_tool.duration", "seconds of a tool call"],
  ["gen_ai.invoke_workflow.duration", "seconds of a workflow"],
]);
