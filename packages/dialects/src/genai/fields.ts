import { genAiClaims, genAiIgnored, genAiKept, genAiWords } from "../conventions/gen-ai-words.ts";
import type { Reading } from "../conventions/readings.ts";
import { type Convention, conventionOf } from "../conventions/words.ts";

export const convention: Convention = conventionOf({
  words: genAiWords,
  kept: genAiKept,
  claims: genAiClaims,
  ignored: genAiIgnored,
});

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
  // These wrap the calls that say what happened.
  agent_step: "noise",
  plan: "noise",
  invoke_workflow: "noise",
};

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
