import type { ActionView, Grade, LedgerRecord, PlacedRecord, Verdict } from "@custody/model";
import { stoppedByRuntime } from "./action-sandbox.ts";
import { latest, ofClass, primaryOf } from "./record-order.ts";

export type ActionStatus = ActionView["outcome"]["status"];

/** What became of a call, with the record it was concluded from. */
export interface CallOutcome {
  readonly status: ActionStatus;
  readonly result: LedgerRecord<"tool_call"> | undefined;
  readonly grade: Grade;
}

/**
 * `denied`: an approval said no; `blocked`: sandbox, rule or proxy stopped it; `error`: it failed to run properly; a command that ran is
 * `executed` whatever its exit code (contract 5). `records` are those of one call, linked egress included.
 */
export function callOutcome(records: readonly PlacedRecord[]): CallOutcome {
  const result = resultOf(records);
  const said = result?.body.status ?? "unknown";
  const verdict = effectiveVerdict(ofClass(records, "approval"));
  const grade = result?.grade ?? verdict?.grade ?? "inferred";
  if (said === "executed" || said === "blocked" || said === "denied" || said === "timeout") {
    return { status: said, result, grade };
  }
  // It did not run to an end: whoever refused or stopped it says why, and the agent's `error` does not.
  const refused = verdict && refusals.get(verdict.body.verdict);
  if (refused !== undefined) return { status: refused, result, grade };
  const stopped = stoppedBy(records);
  if (stopped !== undefined) return { status: stopped, result, grade };
  return { status: said === "error" ? "error" : "unknown", result, grade };
}

const refusals: ReadonlyMap<Verdict, ActionStatus> = new Map([
  ["deny", "denied"],
  ["abort", "denied"],
  ["timeout", "timeout"],
]);

/** The result the dialect counts; among several the last. Starts are no results. */
function resultOf(records: readonly PlacedRecord[]): LedgerRecord<"tool_call"> | undefined {
  const results = ofClass(records, "tool_call").filter(({ body }) => body.event === "result");
  return latest(primaryOf(results));
}

/** The last verdict; of an allow and a deny at the same time, the deny (design 5). */
export function effectiveVerdict(
  approvals: readonly LedgerRecord<"approval">[],
): LedgerRecord<"approval"> | undefined {
  const counted = primaryOf(approvals);
  const last = latest(counted);
  const denial = counted.find(({ ts, body }) => ts === last?.ts && body.verdict === "deny");
  return denial ?? last;
}

function stoppedBy(records: readonly PlacedRecord[]): ActionStatus | undefined {
  const outcome = latest(
    ofClass(records, "sandbox").filter(({ body }) => body.outcome !== undefined),
  );
  if (outcome?.body.outcome === "timed_out") return "timeout";
  if (outcome?.body.outcome === "denied" || stoppedByRuntime(records)) return "blocked";
  return ofClass(records, "egress").some(({ body }) => body.action === "denied")
    ? "blocked"
    : undefined;
}
