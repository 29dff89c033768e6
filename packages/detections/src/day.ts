import type { PlacedRecord } from "@custody/model";
import type { FlowEvidence, PolicyFacts, Tier } from "./evidence.ts";
import { groupsOf, type Records } from "./records.ts";

/** Whose yes an approval is, and to what: joined by whoever runs the rules, where they can be known. */
export interface ApprovalEvidence {
  /** Id of the approval's record. */
  readonly record: string;
  /** An authority's subject, or the principal whose agent tells the yes. */
  readonly approver?: string;
  /** The tier of the call it was given for, under the policy in force. */
  readonly tier?: Tier;
}

/**
 * What is no session's, or many sessions': one UTC day of a tenant. The day of a record is that of its time, which is `ts` within 24 hours of
 * `rx`, else `rx`. Its records are those of the classes `integrity`, `access`, `heartbeat`, `change`, `approval` and `session`, and of `egress` those without
 * a session, in any order, late and repeated ones included.
 */
export interface DayEvidence {
  /** As `2026-11-23`. */
  readonly day: string;
  readonly records: readonly PlacedRecord[];
  readonly approvals: readonly ApprovalEvidence[];
  readonly flows: readonly FlowEvidence[];
  readonly policy: PolicyFacts;
}

/** The evidence of a day made ready once for all conditions: each statement once, and in order. */
export interface Day extends Omit<DayEvidence, "records" | "approvals" | "flows">, Records {
  approvalOf(record: string): ApprovalEvidence | undefined;
  flowOf(record: string): FlowEvidence | undefined;
  /** What has no session has no call: asked in the same words as a session. */
  callOf(record: string): undefined;
}

export function dayOf(evidence: DayEvidence): Day {
  const approvals = new Map(evidence.approvals.map((one) => [one.record, one]));
  const flows = new Map(evidence.flows.map((one) => [one.record, one]));
  return {
    day: evidence.day,
    policy: evidence.policy,
    ...groupsOf(evidence.records),
    approvalOf: (record) => approvals.get(record),
    flowOf: (record) => flows.get(record),
    callOf: () => undefined,
  };
}
