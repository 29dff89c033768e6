import { z } from "zod";
import { type Condition, condition, type Hit } from "../condition.ts";
import type { Day } from "../day.ts";
import { timeOf } from "../record-order.ts";
import type { Story } from "../story.ts";

/**
 * A flow to a host and port that the allow-list in force does not name. Let through it is a failed control, refused it is an attempt.
 * Without an allow-list in force nothing is said: there is no list to be off.
 */
export const egressNotListed: Condition = condition({
  cases: ["allowed", "denied"],
  inputs: ["egress"],
  parameters: z.strictObject({}),
  find: unlisted,
  findInDay: unlisted,
});

function unlisted(scene: Story | Day): readonly Hit<"allowed" | "denied">[] {
  return scene.of("egress").flatMap((flow) => {
    const { action } = flow.body;
    if (action === "asked" || scene.flowOf(flow.id)?.listed !== false) return [];
    const call = scene.callOf(flow.id);
    return [
      {
        case: action,
        at: timeOf(flow),
        about: flow.id,
        refs: [flow.id],
        ...(call === undefined ? {} : { call }),
      },
    ];
  });
}
