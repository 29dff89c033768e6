export { type HostVerdict, hostAllowed, hostListed } from "./allow-list.ts";
export { parseApproval } from "./approval-door.ts";
export { type StandingGrants, standingAgeMsMax, standingGrants } from "./approval-origin.ts";
export type { ApprovalSurroundings } from "./approval-view.ts";
export { approverRole, type KnownPeople } from "./approver-strength.ts";
export {
  type ActionOptions,
  actionId,
  assembleAction,
} from "./assemble-action.ts";
export {
  assembleSession,
  type ExplainedSession,
  explainSession,
  type SessionOptions,
} from "./assemble-session.ts";
export { assembleTrace, type TraceView } from "./assemble-trace.ts";
export {
  callPackages,
  type DescribedCall,
  describeCall,
} from "./call-facts.ts";
export { callFiles } from "./call-files.ts";
export { groupByCall } from "./call-group.ts";
export { callPrograms } from "./call-programs.ts";
export {
  type ActionStatus,
  type CallOutcome,
  callOutcome,
  effectiveVerdict,
} from "./call-status.ts";
export { callTouches } from "./call-touches.ts";
export { parseChange } from "./change/change-door.ts";
export { type ChangeViewInput, changeViews } from "./change/change-views.ts";
export { type CommitScene, commitScene } from "./change/commit-scene.ts";
export {
  type ChangeInput,
  type ChangeMethod,
  joinChanges,
  type SessionFacts,
} from "./change/join-changes.ts";
export { parseTrailers, type Trailer } from "./change/trailers.ts";
export { combinePolicies, type PolicyInForce, policyInForce } from "./combine-policies.ts";
export { type Confinement, confinementOf } from "./confinement.ts";
export { confinementText } from "./confinement-text.ts";
export { type Counted, countedMeasures, countedTogether } from "./counted-measures.ts";
export { type CrossCheckOptions, crossCheck } from "./cross-check.ts";
export type { DoorVerdict } from "./door.ts";
export { type EgressReading, sessionHeader } from "./egress/reading.ts";
export { type EgressSource, egressSources, readEgress } from "./egress/sources.ts";
export {
  type FlowMatch,
  isForAgent,
  matchOfFlow,
  matchOfPlaced,
  mustBeExplained,
} from "./egress-match.ts";
export { type Explanation, explainRecord } from "./explain.ts";
export { approvalMethods, joinApprovals, namesByDigest } from "./join-approvals.ts";
export { joinCalls } from "./join-calls.ts";
export type { Conclusion } from "./join-conclusion.ts";
export { joinEgress } from "./join-egress.ts";
export {
  type Confidence,
  type JoinMethod,
  type JoinMethodRow,
  joinMethods,
} from "./join-methods.ts";
export { joinSandboxFlows } from "./join-sandbox-flows.ts";
export {
  joinSandboxes,
  type KnownSandbox,
  knownSandboxes,
  type SandboxMethod,
  sandboxesAt,
} from "./join-sandboxes.ts";
export { joinTraces } from "./join-traces.ts";
export { joinViolations } from "./join-violations.ts";
export { contextLimits } from "./limits.ts";
export { type LinkFact, newLinks } from "./link-fact.ts";
export type { OpenedContent } from "./opened-content.ts";
export {
  isMove,
  type Place,
  type Placeable,
  type Placement,
  placementBy,
  winningLinkOf,
} from "./placement.ts";
export {
  documentsInForce,
  egressInForce,
  type PolicyInterval,
  policiesInForce,
  policyIntervals,
  tiersInForce,
} from "./policies-in-force.ts";
export {
  type PolicyBookEntry,
  type PolicyBookVersion,
  type PolicyState,
  policyBook,
} from "./policy-book.ts";
export { type PolicyProblem, type PolicyVerdict, policyDocument } from "./policy-document.ts";
export type {
  AgentPolicyDocument,
  AgentsDocument,
  ApprovalDocument,
  ComponentsDocument,
  EgressDocument,
  EgressRule,
  PolicyAbout,
  PolicyDocuments,
  PrincipalsDocument,
  RolesDocument,
  SandboxDocument,
  Tier,
  TiersDocument,
  WaiversDocument,
} from "./policy-shape.ts";
export { bypassWords } from "./posture/bypass-words.ts";
export {
  type ApprovalKind,
  approvalKinds,
  type TierCounts,
} from "./posture/calls-by-tier.ts";
export {
  gapCounts,
  isAgents,
  isExpected,
  type Reconciliation,
  reconciliationsOf,
  type SilentView,
  type SourceView,
} from "./posture/completeness.ts";
export {
  type ExpectedEntry,
  type ExpectedKind,
  expectedIn,
} from "./posture/expected.ts";
export { type ExpectedList, expectedParts, parseExpected } from "./posture/expected-door.ts";
export type {
  ApprovalFacts,
  CallGroup,
  FlowGroup,
  GroundFacts,
  SessionGroup,
  SourceGroup,
  WindowFacts,
  WorldGroup,
} from "./posture/facts.ts";
export {
  type GapCause,
  type GapDetail,
  gapChanges,
  gapKey,
  gapsOf,
  type Judged,
  missingOf,
  type NumberedSource,
} from "./posture/gap-records.ts";
export { type LayerId, type Level, layers } from "./posture/indicator.ts";
export {
  type IndicatorView,
  indicatorTable,
  type LayerView,
  type Scorecard,
  scorecardOf,
} from "./posture/scorecard.ts";
export { endsWith, type Hole, holesIn, type NumberedEvent } from "./posture/sequence-runs.ts";
export { type ExpectedHeard, heardOf } from "./posture/silence.ts";
export { principalOf } from "./principal.ts";
export { atOf, compareRecords } from "./record-order.ts";
export { classifier, type RiskWord, riskWords } from "./risk-table.ts";
export type { SandboxReading } from "./sandbox/reading.ts";
export { readSandboxes, type SandboxSourceName, sandboxSources } from "./sandbox/sources.ts";
export { parseSandboxAttestation, parseSandboxViolation } from "./sandbox-door.ts";
export { addressOf, sandboxName } from "./sandbox-name.ts";
export type { ProfileLookup } from "./session-sources.ts";
export {
  type ShippedPolicy,
  shippedApproval,
  shippedPolicies,
  shippedTiers,
} from "./shipped-policies.ts";
export { isSpanCall, isTraceSession } from "./stand-in.ts";
export { type TallyPoint, tallyPoints } from "./tally.ts";
export { labelsOf, type TieredBody, tierOf, unknownLabel } from "./tiers.ts";
export type { TraceNode } from "./trace-node.ts";
export {
  type JudgedApproval,
  type JudgedBy,
  type JudgedCall,
  type PolicyDistribution,
  type UnderBoth,
  underBoth,
} from "./under-both.ts";
