import type { ApprovalView, PlacedRecord } from "@custody/model";
import { compareRecords, ofClass } from "./record-order.ts";

/**
 * The approvals of one call in order of time: every observed one, and of the agent's own account the primary records (all of them where none
 * is primary). The same verdict of the same approver, told twice, is one.
 */
export function approvalViews(records: readonly PlacedRecord[]): readonly ApprovalView[] {
  const approvals = ofClass(records, "approval").toSorted(compareRecords);
  const reported = approvals.filter(({ grade }) => grade !== "observed");
  const hasPrimary = reported.some(({ body }) => body.primary);
  const seen = new Set<string>();
  const views: ApprovalView[] = [];
  for (const { body, grade, ts } of approvals) {
    if (grade !== "observed" && hasPrimary && !body.primary) continue;
    const identity = JSON.stringify([body.verdict, body.by, body.approver ?? "", grade]);
    if (seen.has(identity)) continue;
    seen.add(identity);
    views.push({
      verdict: body.verdict,
      by: body.by,
      scope: body.scope,
      approver: body.approver ?? null,
      raw: body.raw,
      at: body.decided_at ?? ts,
      latency_ms: body.latency_ms ?? null,
      grade,
    });
  }
  return views;
}
