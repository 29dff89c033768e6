import { z } from "zod";
import { standingFor } from "../approvals.ts";
import { type Condition, condition } from "../condition.ts";
import { timeOf } from "../record-order.ts";

/**
 * A call that ran wrote outside its workspace, and no yes stands for it. Where the workspace ends is what the classifier could read off the call's own
 * folder and paths: a link that leads out of it is seen only by a sandbox.
 */
export const writtenOutside: Condition = condition({
  cases: ["found"],
  inputs: ["tool_call"],
  parameters: z.strictObject({}),
  find: (story) =>
    story.calls.flatMap((call) => {
      if (call.status !== "executed" || !call.risk.has("outside_workspace")) return [];
      if (standingFor(call, story).length > 0) return [];
      return [
        {
          case: "found",
          at: timeOf(call.anchor),
          call: call.call,
          refs: [call.anchor.id],
          inferred: true,
        },
      ];
    }),
});
