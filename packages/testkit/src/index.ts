export {
  type ApprovalAnswer,
  type ApprovalConsole,
  type ApprovalQuestion,
  createApprovalConsole,
  type DecidedQuestion,
} from "./approval-console.ts";
export {
  type ClickHouseListener,
  type ClickHouseListenerOptions,
  startClickHouseListener,
} from "./clickhouse-listener.ts";
export type { EgressLine } from "./egress/line.ts";
export type { Upstream } from "./egress/policy.ts";
export { createEgressProxy, type EgressProxy, type EgressProxyOptions } from "./egress-proxy.ts";
export type {
  ModelCallStep,
  ModelError,
  ModelSpeech,
  ModelStep,
  ModelUsage,
} from "./fake-model/step.ts";
export {
  createFakeModelServer,
  type FakeModelServer,
  type ModelCallRequest,
} from "./fake-model-server.ts";
export {
  createOtlpReceiver,
  type Mood,
  type OtlpReceiver,
  type ReceivedRequest,
  type ReceivedSpan,
} from "./otlp-receiver.ts";
export {
  runScriptedAgent,
  type ScriptedResult,
  type ScriptedRun,
  scriptedAgentPath,
} from "./scripted-agent/run.ts";
export {
  packageMetadata,
  scriptedCalls,
  scriptedSteps,
  scriptedTask,
} from "./scripted-agent/scenario.ts";
export { createScriptedWorkspace, type ScriptedWorkspace } from "./scripted-agent/workspace.ts";
