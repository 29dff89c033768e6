import { z } from "zod";
import type { Approval } from "../approvals.ts";
import { type Condition, condition } from "../condition.ts";
import { timeOf } from "../record-order.ts";
import { judgedYeses, type RequirementFault } from "../requirement.ts";
import type { CallStory, Story } from "../story.ts";
import { unreadHit } from "../unread.ts";

/**
 * A call ran on a yes that its tier does not accept: said by another kind of approver than required (a model's yes is never a person's), by the
 * one who asked, for longer than may be, or by nobody who is named where two people are required. One good yes among several is enough. `unread`: of
 * calls whose arguments were withheld nobody knows whether that yes was enough, which is said once of a session (decision 001).
 */
export const approverInvalid: Condition = condition({
  cases: ["kind", "self", "scope", "unnamed", "unread"],
  inputs: ["tool_call", "approval"],
  parameters: z.strictObject({}),
  find: (story) => {
    const judged = story.calls.flatMap((call) => {
      const wrong = wrongYes(call, story);
      return wrong === undefined ? [] : [{ call, ...wrong }];
    });
    return [
      ...judged
        .filter(({ call }) => call.unread !== true)
        .map(({ call, fault, yes }) => ({
          case: fault,
          at: timeOf(call.anchor),
          call: call.call,
          refs: [call.anchor.id, yes.id],
        })),
      ...unreadHit(judged.map(({ call }) => call)),
    ];
  },
});

/** The nearest miss names the finding: who got furthest is what has to be put right. */
function wrongYes(
  call: CallStory,
  story: Story,
): { readonly fault: RequirementFault; readonly yes: Approval } | undefined {
  if (call.status !== "executed") return undefined;
  const judged = judgedYeses(call, story);
  if (judged.some(({ fault }) => fault === undefined)) return undefined;
  for (const name of order) {
    const nearest = judged.find(({ fault }) => fault === name);
    if (nearest !== undefined) return { fault: name, yes: nearest.yes };
  }
  return undefined;
}

const order: readonly RequirementFault[] = ["unnamed", "scope", "self", "kind"];
