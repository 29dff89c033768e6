import { z } from "zod";
import { standingFor } from "../approvals.ts";
import { type Condition, condition } from "../condition.ts";
import { timeOf } from "../record-order.ts";

/**
 * A call of a tier that asks for a decision ran, and no yes stands for it. Whether the one who said yes could is another rule's question.
 * `unsaid`: the session's sources can never tell an approval, so one may exist that nobody sent.
 */
export const executedWithoutApproval: Condition = condition({
  cases: ["t3", "t2", "unsaid"],
  inputs: ["tool_call"],
  parameters: z.strictObject({ tier_min: z.int().min(1).max(3) }),
  find: (story, { tier_min }) =>
    story.calls.flatMap((call) => {
      if (call.status !== "executed" || call.tier < tier_min) return [];
      if (standingFor(call, story).length > 0) return [];
      const told = call.tier === 3 ? ("t3" as const) : ("t2" as const);
      return [
        {
          case: story.approvalsTold ? told : ("unsaid" as const),
          at: timeOf(call.anchor),
          call: call.call,
          refs: [call.anchor.id],
          inferred: true as const,
        },
      ];
    }),
});
