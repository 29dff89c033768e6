export type { ConditionScope } from "./condition.ts";
export { conditions } from "./conditions.ts";
export type { ApprovalEvidence, DayEvidence } from "./day.ts";
export { detect, detectDay, type FindingFact } from "./detect.ts";
export type {
  ApprovalRequirement,
  Attribution,
  CallEvidence,
  Evidence,
  FlowEvidence,
  PathUse,
  PolicyFacts,
  ProgramUse,
  Tier,
  Waiver,
} from "./evidence.ts";
export { detectionLimits } from "./limits.ts";
export { findingId, type Look, newFindings } from "./new-findings.ts";
export { type Rule, type RuleText, type RuleVerdict, readRule, type Severity } from "./rule.ts";
