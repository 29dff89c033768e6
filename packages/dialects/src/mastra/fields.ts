import { genAiClaims, genAiIgnored, genAiKept, genAiWords } from "../conventions/gen-ai-words.ts";
import { type Convention, conventionOf } from "../conventions/words.ts";

export const scope = "@mastra/otel-exporter";
export const spanType = "mastra.span.type";
export const metricPrefix = "mastra_";

/** Kinds of spans, by the exporter's own word for them, and what each is to us. What is not here is kept whole as `opaque`. */
export const types: Readonly<Record<string, Reading>> = {
  agent_run: "turn",
  // Of releases that knew no `model_inference`, the generation is the model call and has its usage.
  model_inference: "inference",
  model_generation: "generation",
  model_step: "step",
  tool_call: "tool",
  mcp_tool_call: "mcpTool",
  provider_tool_call: "tool",
  client_tool_call: "tool",
  rag_embedding: "side",
  // Wrappers, chunks of an answer, and steps of workflows that Mastra itself runs: their work has spans of its own.
  model_chunk: "noise",
  mcp_server_request: "noise",
  processor_run: "noise",
  workflow_run: "noise",
  workflow_step: "noise",
  workflow_conditional: "noise",
  workflow_conditional_eval: "noise",
  workflow_parallel: "noise",
  workflow_loop: "noise",
  workflow_sleep: "noise",
  workflow_wait_event: "noise",
  memory_operation: "noise",
  graph_action: "noise",
  mapping: "noise",
  rag_ingestion: "noise",
  rag_action: "noise",
  rag_vector_operation: "noise",
  scorer_run: "noise",
  scorer_step: "noise",
  generic: "noise",
};

export type Reading =
  | "turn"
  | "inference"
  | "generation"
  | "step"
  | "tool"
  | "mcpTool"
  | "side"
  | "noise";

/** What the model's step answered, with the calls it chose; the model call itself has the text alone. */
export const stepOutput = "mastra.model_step.output";

/** The exporter reports a model call that failed as one that went well, but for this reason to end. */
export const failedReason = "error";

export const convention: Convention = conventionOf({
  words: {
    ...genAiWords,
    session: [
      ...genAiWords.session,
      "mastra.metadata.sessionId",
      "mastra.metadata.threadId",
      "mastra.metadata.conversationId",
    ],
    mcpServer: ["mastra.mcp_tool_call.server_name"],
    input: [
      ...genAiWords.input,
      "mastra.agent_run.input",
      "mastra.model_generation.input",
      "mastra.client_tool_call.input",
    ],
    output: [...genAiWords.output, "mastra.model_generation.output"],
  },
  kept: [
    ...genAiKept,
    spanType,
    "mastra.metadata.runId",
    "mastra.metadata.threadId",
    "mastra.metadata.resourceId",
    "mastra.mcp_tool_call.server_version",
  ],
  claims: [...genAiClaims, "mastra.metadata.userId"],
  ignored: [
    ...genAiIgnored,
    "gen_ai.tool.definitions",
    "mastra.completion_start_time",
    "mastra.tags",
    "mastra.agent_run.max_steps",
  ],
});
