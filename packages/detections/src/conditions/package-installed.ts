import { z } from "zod";
import { type Condition, condition } from "../condition.ts";
import { timeOf } from "../record-order.ts";
import { isCovered } from "../requirement.ts";

/**
 * A package was installed and nobody who may said yes: no valid decision (compliance 9.2). `unlisted`: the list of approved components does not name
 * it; `unknown`: nobody keeps such a list, or the call does not say which package.
 */
export const packageInstalled: Condition = condition({
  cases: ["unlisted", "unknown"],
  inputs: ["tool_call"],
  parameters: z.strictObject({}),
  find: (story) =>
    story.calls.flatMap((call) => {
      if (call.status !== "executed" || !call.risk.has("package_install")) return [];
      if (call.packagesListed === true || isCovered(call, story)) return [];
      return [
        {
          case: call.packagesListed === false ? ("unlisted" as const) : ("unknown" as const),
          at: timeOf(call.anchor),
          call: call.call,
          refs: [call.anchor.id],
          inferred: true as const,
        },
      ];
    }),
});
