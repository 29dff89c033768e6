import { z } from "zod";
import { type Approval, standingFor } from "../approvals.ts";
import { type Condition, condition } from "../condition.ts";
import type { ApprovalRequirement } from "../evidence.ts";
import { timeOf } from "../record-order.ts";
import type { Story } from "../story.ts";

type Fault = "kind" | "self" | "scope" | "unnamed";

/**
 * A call ran on a yes that its tier does not accept: said by another kind of approver than required (a model's yes is never a person's), by the
 * one who asked, for longer than may be, or by nobody who is named where two people are required. One good yes among several is enough.
 */
export const approverInvalid: Condition = condition({
  cases: ["kind", "self", "scope", "unnamed"],
  inputs: ["tool_call", "approval"],
  parameters: z.strictObject({}),
  find: (story) =>
    story.calls.flatMap((call) => {
      const required = story.policy.requirements.find(({ tier }) => tier === call.tier);
      if (call.status !== "executed" || required === undefined) return [];
      const faults = standingFor(call, story).map((yes) => ({
        yes,
        fault: faultOf(yes, required, story),
      }));
      const [first] = faults;
      if (first === undefined || faults.some(({ fault }) => fault === undefined)) return [];
      // The nearest miss names the finding: who got furthest is what has to be put right.
      const nearest = order.find((name) => faults.some(({ fault }) => fault === name));
      if (nearest === undefined) return [];
      const shown = faults.filter(({ fault }) => fault === nearest);
      return [
        {
          case: nearest,
          at: timeOf(call.anchor),
          call: call.call,
          refs: [call.anchor.id, shown[0]?.yes.id ?? first.yes.id],
        },
      ];
    }),
});

const order: readonly Fault[] = ["unnamed", "scope", "self", "kind"];

function faultOf(
  { body }: Approval,
  required: ApprovalRequirement,
  story: Story,
): Fault | undefined {
  if (!required.by.includes(body.by)) return "kind";
  if (required.fourEyes && body.approver !== undefined) {
    if (body.approver === body.requester || body.approver === story.principal) return "self";
  }
  if (!required.scopes.includes(body.scope)) return "scope";
  return required.fourEyes && body.approver === undefined ? "unnamed" : undefined;
}
