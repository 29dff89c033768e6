export type { ActionFilter } from "./action-candidates.ts";
export { actionKeyOf } from "./action-key.ts";
export {
  type ActionKey,
  type ActionRecords,
  actionKeysOf,
  actionRecords,
} from "./action-records.ts";
export { listActions } from "./actions.ts";
export { digestRecords, namedDigests, standingYeses } from "./approvals.ts";
export type { Asked, FoundRecord, Paging, Window } from "./ask.ts";
export {
  type CommitClues,
  changesClaiming,
  changesOfCommits,
  changesOfSessions,
  commitsNaming,
  commitsReceived,
  commitTexts,
  outputsNaming,
  revisionsOf,
  sessionFacts,
  sessionsThere,
} from "./changes.ts";
export { type Clue, type Clues, type How, lastPart } from "./clues.ts";
export {
  type DropRow,
  dropRows,
  type LedgerRow,
  ledgerRows,
  type SeenRow,
  seenElsewhere,
  sourceRows,
} from "./completeness.ts";
export { type ContentRow, contentOf, contentOfRecords } from "./content.ts";
export { type DriftFilter, driftCounts } from "./drift.ts";
export {
  type Around,
  callsNear,
  clueHits,
  type Hit,
  type Hits,
  looseFlowHits,
  sessionRows,
} from "./evidence.ts";
export {
  alertsTold,
  type FindingFilter,
  findingRecords,
  findingsOfDay,
  findingsWritten,
  lastRun,
  listFindings,
  type RuleFired,
  rulesFired,
  withDispositions,
} from "./findings.ts";
export {
  argumentsOf,
  type HeardRecords,
  heardOfSessions,
  recordsOfDay,
  sessionsHeard,
  sizeOfDay,
} from "./heard.ts";
export { type LeafRow, leafRows } from "./leaf-rows.ts";
export { type ClaimRow, type StoredLedgers, storedLedgers } from "./ledger-lookup.ts";
export {
  gapRecords,
  type NumberedRow,
  type NumberedSuspect,
  numberedEvents,
  numberedSources,
  numberedSuspects,
  sourcesThatSaid,
  spokeIn,
} from "./numbers.ts";
export { linksOf } from "./placements.ts";
export { latestPolicies, policyRecords } from "./policies.ts";
export {
  approvalFacts,
  callGroups,
  expectedRecords,
  flowGroups,
  groundFacts,
  sessionGroups,
  worldGroups,
} from "./posture.ts";
export { classRange } from "./ranges.ts";
export {
  countsByClass,
  listRecords,
  type RecordFilter,
  sessionRecords,
  traceRecords,
  wholeSession,
  wholeSessions,
} from "./records.ts";
export { recordById, recordsById } from "./records-by-id.ts";
export {
  looseFlows,
  sandboxesSince,
  sandboxesWith,
  sandboxRecords,
  sessionsWithLateViolations,
  sessionsWithViolations,
} from "./sandboxes.ts";
export {
  listSessions,
  type SessionFilter,
  type SessionRow,
  sessionsWithChoices,
  sessionsWithEgress,
  sessionsWithLateEgress,
  sessionsWithStandIns,
  tracesWithNames,
} from "./sessions.ts";
export { type SharedRecords, sharedRecords } from "./shared-records.ts";
export { namelessTallies, type TallyFilter } from "./tallies.ts";
