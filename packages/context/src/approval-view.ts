import type { ApprovalCode, ApprovalView, LedgerRecord, PlacedRecord } from "@custody/model";
import { originOf } from "./approval-origin.ts";
import { type Execution, executionOf, isYes, standingOf } from "./approval-standing.ts";
import { approverFacts, type KnownPeople, requesterOf } from "./approver-strength.ts";
import { approvalMethods } from "./join-approvals.ts";
import { placementBy } from "./placement.ts";
import type { ApprovalDocument, Tier } from "./policy-shape.ts";
import { compareRecords, compareText, ofClass } from "./record-order.ts";
import { shippedApproval } from "./shipped-policies.ts";

type Approval = LedgerRecord<"approval">;

/** What the approvals of a call are judged by, beside its own records. */
export interface ApprovalSurroundings {
  readonly session: string;
  readonly call: string;
  readonly tier: Tier;
  readonly tool: string;
  /** Session and sandbox records of the session that belong to no call. */
  readonly sessionLevel: readonly PlacedRecord[];
  readonly contested: boolean;
  /** Yeses for more than once that one of these may rest on. */
  readonly grants?: readonly PlacedRecord[];
  /** In force at the time of the act; the shipped requirements where absent. */
  readonly approvalPolicies?: readonly ApprovalDocument[];
  readonly people?: KnownPeople;
}

/**
 * The approvals of one call in order of time, those included that a link gives to it: every observed one, and of the agent's own account the primary
 * records (all of them where none is primary). The same verdict of the same approver, told twice by an agent, is one, and stands where one of the two was heard in time.
 */
export function approvalViews(
  records: readonly PlacedRecord[],
  around: ApprovalSurroundings,
): readonly ApprovalView[] {
  const execution = executionOf(records, around.sessionLevel, around.contested);
  // Two claims under one id are both shown; of what was delivered twice the copy that was heard first.
  const lastHeardFirst = ofClass(records, "approval").toSorted((one, other) =>
    compareText(other.rx, one.rx),
  );
  const claims = new Map(lastHeardFirst.map((one) => [claimOf(one), one]));
  const approvals = [...claims.values()].toSorted(compareRecords);
  const reported = approvals.filter(({ grade }) => grade !== "observed");
  const hasPrimary = reported.some(({ body }) => body.primary);
  const counted = approvals.filter(
    ({ grade, body }) => grade === "observed" || !hasPrimary || body.primary,
  );
  const viewOf = viewBy(records, around, execution);
  const shown = new Map<string, ApprovalView>();
  for (const approval of counted) {
    const view = viewOf(approval);
    const { verdict, by, approver, grade, standing } = view;
    const told = grade === "observed" ? claimOf(approval) : "";
    const why = standing?.why.filter((code) => !ofHearing.has(code)) ?? [];
    const identity = JSON.stringify([verdict, by, approver, grade, why, told]);
    const known = shown.get(identity);
    if (known === undefined) shown.set(identity, view);
    else if (standing?.valid === true) shown.set(identity, { ...known, standing });
  }
  return [...shown.values()];
}

/** Codes that say when an account was heard: of two accounts of one verdict the one that was heard in time is enough. */
const ofHearing: ReadonlySet<ApprovalCode> = new Set(["heard_after_execution", "backdated"]);

function viewBy(
  records: readonly PlacedRecord[],
  around: ApprovalSurroundings,
  execution: Execution,
): (approval: Approval) => ApprovalView {
  const { tier, tool, grants = [], approvalPolicies = [shippedApproval] } = around;
  const { people = { principals: [], roles: [] } } = around;
  const placement = placementBy(records);
  const requester = requesterOf([...around.sessionLevel, ...records]);
  const requirements = approvalPolicies.flatMap((policy) =>
    policy.requirements.filter((one) => one.tier === tier),
  );
  const conflicts = conflictsOf(records);
  return (approval) => {
    const { body, id } = approval;
    const link = placement
      .further(id)
      .find(({ session, call }) => session === around.session && call === around.call);
    const approver = approverFacts(approval, requester, tier, people);
    const replayed = link?.body.method === approvalMethods.replay;
    const facts = {
      execution,
      tier,
      requirements,
      approver,
      replayed,
      named: link === undefined,
      conflicting: conflicts.has(id),
    };
    return {
      record: id,
      verdict: body.verdict,
      by: body.by,
      scope: body.scope,
      approver: body.approver ?? null,
      raw: body.raw,
      at: body.decided_at ?? approval.ts,
      latency_ms: body.latency_ms ?? null,
      grade: approval.grade,
      match:
        link === undefined ? null : { method: link.body.method, confidence: link.body.confidence },
      standing: isYes(body.verdict) ? standingOf(approval, facts) : null,
      approver_strength: approver.strength,
      hook_managed: body.by === "hook" ? "unknown" : null,
      ...originOf(approval, tool, grants),
    };
  };
}

/** Ids under which two claims stand: by our own record of it, or because both are here. What was delivered twice says the same. */
function conflictsOf(records: readonly PlacedRecord[]): ReadonlySet<string> {
  const claims = new Map<string, string>();
  const found = new Set<string>();
  for (const approval of ofClass(records, "approval")) {
    const { id } = approval;
    const claim = claimOf(approval);
    if ((claims.get(id) ?? claim) !== claim) found.add(id);
    claims.set(id, claim);
  }
  for (const { body, src } of ofClass(records, "integrity")) {
    const named = body.detail["record"];
    if (body.kind === "conflict" && src.auth.kind === "internal" && typeof named === "string")
      found.add(named);
  }
  return found;
}

function claimOf({ id, ts, body }: Approval): string {
  return JSON.stringify([id, ts, body]);
}
