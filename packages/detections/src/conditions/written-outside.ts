import { z } from "zod";
import { type Condition, condition } from "../condition.ts";
import { hasFailed } from "../failure.ts";
import { timeOf } from "../record-order.ts";
import { isCovered } from "../requirement.ts";

/**
 * A call that ran wrote outside its workspace, and nobody who may said yes to it: a setting's yes covers nothing that a person must decide. `failed`: it
 * ended badly, as it does where a sandbox refuses the write, and whether it wrote before that nobody tells. Where the workspace ends is what the
 * classifier could read off the call's own folder and paths: a link that leads out of it is seen only by a sandbox.
 */
export const writtenOutside: Condition = condition({
  cases: ["found", "failed"],
  inputs: ["tool_call"],
  parameters: z.strictObject({}),
  find: (story) =>
    story.calls.flatMap((call) => {
      if (call.status !== "executed" || !call.risk.has("outside_workspace")) return [];
      if (isCovered(call, story)) return [];
      return [
        {
          case: hasFailed(call) ? ("failed" as const) : ("found" as const),
          at: timeOf(call.anchor),
          call: call.call,
          refs: [call.anchor.id],
          inferred: true as const,
        },
      ];
    }),
});
