import { type Agent, createAgent } from "./agent.ts";
import { patchOpenAi } from "./openai/patch.ts";
import { runtime } from "./runtime.ts";

export type { Agent } from "./agent.ts";
export type {
  ApprovalInput,
  Decision,
  DecisionInput,
  ObservationInput,
  Session,
  SessionOptions,
  ToolAttempt,
  ToolInput,
  ToolOutcome,
  TurnOptions,
  WrapOptions,
} from "./agent-input.ts";
export {
  type ApprovalScope,
  type ApprovedBy,
  type AuditKind,
  approvers,
  custody,
  scopes,
  spanKinds,
  type ToolKind,
  type ToolStatus,
  type Trust,
  toolKinds,
  toolStatuses,
  trusts,
  type Verdict,
  verdicts,
} from "./attributes.ts";

/** The explicit API, recording into the same session as the one import. */
export const agent: Agent = createAgent(runtime);

/**
 * Watches a copy of the `openai` package that no import can find, because a bundler has put it into
 * the agent's own file: pass its `OpenAI` class. True when there was something to watch.
 */
export function watchOpenAi(openai: unknown): boolean {
  if (runtime.settings.disabled) return false;
  const { guard, notices } = runtime;
  const traffic = () => runtime.pipeline().traffic;
  return (guard(() => patchOpenAi(openai, { traffic, guard, notices })) ?? 0) > 0;
}
