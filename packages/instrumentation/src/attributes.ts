/**
 * The closed table of attribute names this package writes. `gen_ai.*` where the OpenTelemetry GenAI
 * convention has a name, `custody.*` where it has none. README.md documents each `custody.*` name;
 * a test holds the two lists together.
 */
export const custody = {
  spanKind: "custody.span.kind",
  sessionId: "custody.session.id",
  sessionEvent: "custody.session.event",
  sessionEndReason: "custody.session.end_reason",
  sessionWorkspace: "custody.session.workspace",
  turnId: "custody.turn.id",
  callId: "custody.call.id",
  decisionReason: "custody.decision.reason",
  approvalVerdict: "custody.approval.verdict",
  approvalBy: "custody.approval.by",
  approvalScope: "custody.approval.scope",
  approvalApprover: "custody.approval.approver",
  approvalRaw: "custody.approval.raw",
  toolStatus: "custody.tool.status",
  toolSuccess: "custody.tool.success",
  toolExitCode: "custody.tool.exit_code",
  toolKind: "custody.tool.kind",
  observationBytes: "custody.observation.bytes",
  observationDigest: "custody.observation.digest",
  observationTrust: "custody.observation.trust",
  observationExcerpt: "custody.observation.excerpt",
  inferred: "custody.inferred",
  inferredWhy: "custody.inferred.why",
  content: "custody.content",
  redacted: "custody.redacted",
  srcId: "custody.src.id",
  srcEpoch: "custody.src.epoch",
  srcSeq: "custody.src.seq",
} as const;

export const genAi = {
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  conversation: "gen_ai.conversation.id",
  agentName: "gen_ai.agent.name",
  agentVersion: "gen_ai.agent.version",
  toolName: "gen_ai.tool.name",
  toolType: "gen_ai.tool.type",
  toolCallId: "gen_ai.tool.call.id",
  toolArguments: "gen_ai.tool.call.arguments",
  toolResult: "gen_ai.tool.call.result",
  requestModel: "gen_ai.request.model",
  requestStream: "gen_ai.request.stream",
  responseId: "gen_ai.response.id",
  responseModel: "gen_ai.response.model",
  finishReasons: "gen_ai.response.finish_reasons",
  timeToFirstChunk: "gen_ai.response.time_to_first_chunk",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  cachedTokens: "gen_ai.usage.cache_read.input_tokens",
  reasoningTokens: "gen_ai.usage.reasoning.output_tokens",
  inputMessages: "gen_ai.input.messages",
  outputMessages: "gen_ai.output.messages",
  errorType: "error.type",
  serverAddress: "server.address",
  serverPort: "server.port",
} as const;

export const spanKinds = [
  "session",
  "turn",
  "inference",
  "decision",
  "approval",
  "tool_call",
  "observation",
] as const;
export type AuditKind = (typeof spanKinds)[number];

export const verdicts = ["allow", "deny", "ask", "abort", "timeout", "modified"] as const;
export type Verdict = (typeof verdicts)[number];

export const approvers = ["human", "policy", "hook", "auto_reviewer", "unknown", "none"] as const;
export type ApprovedBy = (typeof approvers)[number];

export const scopes = ["once", "session", "location", "standing"] as const;
export type ApprovalScope = (typeof scopes)[number];

export const toolStatuses = [
  "executed",
  "blocked",
  "denied",
  "error",
  "timeout",
  "unknown",
] as const;
export type ToolStatus = (typeof toolStatuses)[number];

export const toolKinds = [
  "exec",
  "fs",
  "net",
  "mcp",
  "pkg",
  "vcs",
  "browser",
  "agent",
  "other",
] as const;
export type ToolKind = (typeof toolKinds)[number];

export const trusts = ["tool_output", "user", "repo", "web", "mcp", "unknown"] as const;
export type Trust = (typeof trusts)[number];

/** Why a span's interval or outcome is a conclusion and not a statement of the agent. */
export type InferredWhy =
  | "model_traffic"
  | "request_history"
  | "provider_executed"
  | "approval_denied";
