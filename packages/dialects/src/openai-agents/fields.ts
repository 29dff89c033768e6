import { type Convention, conventionOf, noWords, type Words } from "../conventions/words.ts";

/** The scope under which a trace export is decoded: its objects have neither scope nor resource. */
export const scope = "openai-agents.traces";

/** Members of an object of the export, by their paths. */
export const member = {
  object: "object",
  type: "span_data.type",
  name: "span_data.name",
  sdkType: "span_data.data.sdk_span_type",
  group: "group_id",
  workflow: "workflow_name",
  output: "span_data.output",
  response: "span_data.response_id",
  mcp: "span_data.mcp_data",
  rejection: "error.data.error",
  triggered: "span_data.triggered",
  fromAgent: "span_data.from_agent",
  toAgent: "span_data.to_agent",
} as const;

const usage = "span_data.data.usage";

/** Names of the trace export of the OpenAI Agents SDK. */
export const names: Words = {
  ...noWords,
  session: [member.group],
  responseModel: ["span_data.model"],
  tool: [member.name],
  arguments: ["span_data.input"],
  result: [member.output],
  inputTokens: [`${usage}.input_tokens`, "span_data.usage.input_tokens"],
  outputTokens: [`${usage}.output_tokens`, "span_data.usage.output_tokens"],
  cachedTokens: [`${usage}.cached_input_tokens`],
  cacheWriteTokens: [`${usage}.cache_write_input_tokens`],
  input: ["span_data.input"],
  output: [member.output],
};

export type Reading =
  | "model"
  | "speech"
  | "tool"
  | "handoff"
  | "guardrail"
  | "agent"
  | "custom"
  | "noise";

/** What a type of span is to us. A type that is not here is kept whole as `opaque`. */
export const types: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ["generation", "model"],
  ["response", "model"],
  ["transcription", "speech"],
  ["speech", "speech"],
  ["function", "tool"],
  ["handoff", "handoff"],
  ["guardrail", "guardrail"],
  ["agent", "agent"],
  ["custom", "custom"],
  // A group of what is told one by one, and a list of tools that nobody called yet.
  ["speech_group", "noise"],
  ["mcp_tools", "noise"],
]);

/** Listed members that are kept as text. */
const kept = [
  member.type,
  member.name,
  member.workflow,
  member.fromAgent,
  member.toAgent,
  member.response,
  "span_data.data.agent_name",
  "span_data.data.turn",
  "span_data.output_type",
] as const;

/** The identity of an object, and sums of what is read elsewhere. */
const ignored = [
  member.object,
  member.sdkType,
  member.triggered,
  member.rejection,
  "id",
  "trace_id",
  "parent_id",
  "started_at",
  "ended_at",
  "error.message",
  `${usage}.total_tokens`,
  `${usage}.requests`,
] as const;

export const convention: Convention = conventionOf({ words: names, kept, claims: [], ignored });
