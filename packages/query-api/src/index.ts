export type { Explanation, IndicatorView, LayerView, Scorecard } from "@custody/context";
export { type AccessLog, type CommitAccess, createAccessLog } from "./access.ts";
export { createQueryApi, type QueryApi } from "./app.ts";
export type { AgentFact, AgentsAnswer, AgentView } from "./contract/agent.ts";
export type { CompletenessView } from "./contract/completeness.ts";
export type { DriftAnswer, DriftView } from "./contract/drift.ts";
export type { FindingView, RuleView } from "./contract/finding.ts";
export type {
  CandidateSession,
  Evidence,
  Investigation,
  ListedAction,
  LoneFlow,
} from "./contract/investigation.ts";
export type { PolicyAnswer, WholePolicyAnswer } from "./contract/policy.ts";
export { Refusal, type RefusalCode, refusals } from "./errors.ts";
export type {
  ApiOptions,
  ApiPorts,
  Differing,
  ExportDesk,
  ExportJob,
  FindingDesk,
  KeyOffice,
  LedgerShelf,
  ListedKey,
  RuleInfo,
  ServerStatus,
} from "./ports.ts";
