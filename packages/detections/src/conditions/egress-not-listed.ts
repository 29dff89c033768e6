import { z } from "zod";
import { type Condition, condition } from "../condition.ts";
import { timeOf } from "../record-order.ts";

/**
 * A flow to a host and port that the allow-list in force does not name. Let through it is a failed control, refused it is an attempt.
 * Without an allow-list in force nothing is said: there is no list to be off.
 */
export const egressNotListed: Condition = condition({
  cases: ["allowed", "denied"],
  inputs: ["egress"],
  parameters: z.strictObject({}),
  find: (story) =>
    story.of("egress").flatMap((flow) => {
      const { action } = flow.body;
      if (action === "asked" || story.flowOf(flow.id)?.listed !== false) return [];
      const call = story.callOf(flow.id);
      return [
        {
          case: action,
          at: timeOf(flow),
          refs: [flow.id],
          ...(call === undefined ? {} : { call }),
        },
      ];
    }),
});
