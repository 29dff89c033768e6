import { type LedgerRecord, limits, millisOf, timeFromText } from "@custody/model";
import { detectionLimits } from "./limits.ts";
import { isOf, timeOf } from "./record-order.ts";
import type { CallStory, Story } from "./story.ts";

export type Approval = LedgerRecord<"approval">;

/** Why a yes does not stand for the execution it is told beside. */
export type ApprovalFault =
  | "contested"
  | "too_late"
  | "heard_late"
  | "expired"
  | "other_action"
  | "replayed";

/** Every yes that is told for a call: its own, and grants of the session for its tool. */
export function yesesOf(call: CallStory, story: Story): readonly Approval[] {
  const own = call.told.filter((record) => isOf(record, "approval"));
  const tool = toolOf(call);
  const grants = tool === undefined ? [] : story.grantsOf(tool);
  return [...own, ...grants].filter(
    ({ body }) => body.verdict === "allow" || body.verdict === "modified",
  );
}

/** The yeses that stand. */
export function standingFor(call: CallStory, story: Story): readonly Approval[] {
  return yesesOf(call, story).filter((yes) => faultOf(yes, call, story) === undefined);
}

/**
 * Undefined of a yes that stands: not used by an earlier execution, given before this one began, heard no later than 15 minutes after its record (design 4), not expired,
 * and given for the same arguments. An approver who changed the arguments said yes to others on purpose.
 */
export function faultOf(yes: Approval, call: CallStory, story: Story): ApprovalFault | undefined {
  const { skewMs } = detectionLimits;
  if (story.isContested(yes.id)) return "contested";
  if (call.replayed?.includes(yes.id) === true) return "replayed";
  const digest = digestOf(call);
  const said = yes.body.action_digest;
  if (yes.body.verdict === "allow" && said !== undefined && digest !== undefined && said !== digest)
    return "other_action";
  const began = millisOf(executionOf(call));
  if (yes.body.expires !== undefined && saidMillis(yes.body.expires, 0) + skewMs < began)
    return "expired";
  const given = millisOf(timeOf(yes));
  if (saidMillis(yes.body.decided_at, given) > began + skewMs) return "too_late";
  if (millisOf(yes.rx) > millisOf(call.anchor.rx) + limits.approvalLatenessMsMax)
    return "heard_late";
  return undefined;
}

/** When it began to run; where the source counts the wait for an approval in, the end of the result (model, `wait_included`). */
function executionOf(call: CallStory): string {
  const result = call.results.at(-1);
  if (result === undefined) return timeOf(call.anchor);
  if (result.body.wait_included === true) return timeFromText(result.end ?? "") ?? timeOf(result);
  return timeFromText(result.body.exec_start ?? "") ?? timeOf(result);
}

/** A time that a source put into a body is its text, and may be none: an end that cannot be read has passed. */
function saidMillis(text: string | undefined, otherwise: number): number {
  const time = timeFromText(text ?? "");
  return time === undefined ? otherwise : millisOf(time);
}

/** The keyed digest of tool and arguments, of the record of the execution before that of the choice. */
export function digestOf(call: CallStory): string | undefined {
  const tooled = [...call.results, ...call.told].flatMap((record) =>
    isOf(record, "tool_call") || isOf(record, "decision") ? (record.body.action_digest ?? []) : [],
  );
  return tooled[0];
}

function toolOf(call: CallStory): string | undefined {
  for (const record of [call.anchor, ...call.told]) {
    if (isOf(record, "tool_call") || isOf(record, "decision")) return record.body.tool;
  }
  return undefined;
}
