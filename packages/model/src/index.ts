export {
  type ActionView,
  type ApprovalCode,
  type ApprovalOrigin,
  type ApprovalView,
  type ApproverStrength,
  approvalCodes,
  approverStrengths,
  type EgressView,
  type FidelityFact,
  type OriginState,
  originStates,
  type Page,
  type SessionCounts,
  type SessionView,
} from "./api.ts";
export type {
  SandboxChange,
  SandboxCompared,
  SandboxDisagreement,
  SandboxSide,
  SandboxViolation,
} from "./api-sandbox.ts";
export { type ApprovalWords, approvalWords } from "./approval-words.ts";
export { type BatchRow, batchColumns, decodeBatch, encodeBatch } from "./batch-file.ts";
export {
  type ActionBodies,
  type ApprovedBy,
  approvers,
  type CallFacts,
  type CallStatus,
  callStatuses,
  type Scope,
  scopes,
  type ToolKind,
  toolKinds,
  type Verdict,
  verdicts,
} from "./body-action.ts";
export type { Capability, FactState, SessionBodies } from "./body-session.ts";
export type { FindingStatus, RosterEntry, TrustBodies } from "./body-trust.ts";
export {
  type ContributorKind,
  contributorKinds,
  type PolicyKind,
  policyKinds,
  type WorldBodies,
} from "./body-world.ts";
export {
  type Canonical,
  canonicalBytes,
  canonicalText,
  isWellFormed,
  toWellFormed,
} from "./canonical.ts";
export {
  type ChangedFile,
  type ChangeStanding,
  type ChangeView,
  changeStandings,
} from "./change-view.ts";
export type { Bodies, Body } from "./class.ts";
export { bearerKey, isServedHost } from "./door.ts";
export {
  type Drift,
  type DriftKind,
  driftKinds,
  type Expectation,
  type Sender,
} from "./drift.ts";
export type { EffectView } from "./effect-view.ts";
export { CustodyError, ModelError, type ModelErrorCode } from "./errors.ts";
export type { AnyFact, Dialect, Fact, FactSink, ItemSink } from "./fact.ts";
export type {
  ExplainedFact,
  FactExplanation,
  FactOccasions,
  FidelityView,
  SessionSource,
} from "./fidelity-view.ts";
export {
  dispositionKinds,
  type FindingState,
  findingStates,
  lastDisposition,
  stands,
  winningFindings,
} from "./finding-state.ts";
export {
  actionIdText,
  type FindingIdentity,
  findingIdText,
  recordIdText,
  sessionTraceText,
} from "./ids.ts";
export { limits } from "./limits.ts";
export { plainValue } from "./plain-value.ts";
export type {
  BatchFile,
  Clock,
  Committer,
  CommitVerdict,
  InsertVerdict,
  KeyRing,
  NewKey,
  Principal,
  Random,
  Receipt,
  Row,
  Signer,
  SqlValue,
  Statement,
  StoreReader,
  StoreWriter,
} from "./ports.ts";
export {
  type Actor,
  type AgentIdentity,
  type Auth,
  type Grade,
  grades,
  type KeyKind,
  keyKinds,
  type LedgerRecord,
  type PlacedRecord,
  type RecordDraft,
  recordVersion,
  type Source,
} from "./record.ts";
export { isRecordClass, type RecordClass, recordClasses } from "./record-class.ts";
export {
  type SourceCell,
  type SourceFact,
  type SourceLevel,
  type SourceProfile,
  sourceFacts,
  sourceLevels,
} from "./source-profile.ts";
export {
  asRedacted,
  asStamped,
  type ContentItem,
  type Disclosure,
  type Redacted,
  type RedactedRecord,
  type Stamped,
  type StampedRecord,
} from "./stage.ts";
export {
  type CrossCheck,
  type Tally,
  type TallyMeasure,
  type TallyRow,
  type Temporality,
  tallyMeasures,
  temporalities,
} from "./tally.ts";
export { millisOf, shiftMillis, timeFromMillis, timeFromNanos, timeFromText } from "./time.ts";
export type {
  AnyValue,
  AttributeView,
  LogView,
  MetricView,
  ScopeView,
  SignalView,
  SpanEventView,
  SpanView,
} from "./view.ts";
