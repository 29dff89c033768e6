import { z } from "zod";
import { standingFor } from "../approvals.ts";
import { type Condition, condition, type Hit } from "../condition.ts";
import { timeOf } from "../record-order.ts";
import { unreadHit } from "../unread.ts";

/**
 * A call of a tier that asks for a decision ran, and no yes stands for it. Whether the one who said yes could is another rule's question.
 * `unsaid`: the session's sources can never tell an approval, so one may exist that nobody sent; `unread`: of calls whose arguments were withheld nobody knows whether they are of such a tier,
 * which is said once of a session and not of each call (decision 001).
 */
export const executedWithoutApproval: Condition = condition({
  cases: ["t3", "t2", "unsaid", "unread"],
  inputs: ["tool_call"],
  parameters: z.strictObject({ tier_min: z.int().min(1).max(3) }),
  find: (story, { tier_min }) => {
    const bare = story.calls.filter(
      (call) =>
        call.status === "executed" &&
        call.tier >= tier_min &&
        standingFor(call, story).length === 0,
    );
    const read = bare.filter(({ unread }) => unread !== true);
    return [
      ...read.map((call): Hit<"t3" | "t2" | "unsaid"> => {
        const told = call.tier === 3 ? "t3" : "t2";
        return {
          case: story.approvalsTold ? told : "unsaid",
          at: timeOf(call.anchor),
          call: call.call,
          refs: [call.anchor.id],
          inferred: true,
        };
      }),
      ...unreadHit(bare),
    ];
  },
});
