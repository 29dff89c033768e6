import { type Approval, standingFor } from "./approvals.ts";
import type { ApprovalRequirement } from "./evidence.ts";
import type { CallStory, Story } from "./story.ts";

/** Why a yes that stands is not the one that the call's tier asks for. */
export type RequirementFault = "kind" | "self" | "scope" | "unnamed";

/** A yes, and what it lacks: nothing, where it is a valid decision (compliance 9.2). */
interface JudgedYes {
  readonly yes: Approval;
  readonly fault: RequirementFault | undefined;
}

/** The yeses that stand for a call, each held against what its tier asks for: all are good where it asks for nothing. */
export function judgedYeses(call: CallStory, story: Story): readonly JudgedYes[] {
  const required = story.policy.requirements.find(({ tier }) => tier === call.tier);
  return standingFor(call, story).map((yes) => ({
    yes,
    fault: required === undefined ? undefined : faultOf(yes, required, story),
  }));
}

/** Whether somebody who may has said yes to the call: the yes of a setting or of a model covers nothing that a person must decide. */
export function isCovered(call: CallStory, story: Story): boolean {
  return judgedYeses(call, story).some(({ fault }) => fault === undefined);
}

function faultOf(
  { body }: Approval,
  required: ApprovalRequirement,
  story: Story,
): RequirementFault | undefined {
  if (!required.by.includes(body.by)) return "kind";
  if (required.fourEyes && body.approver !== undefined) {
    if (body.approver === body.requester || body.approver === story.principal) return "self";
  }
  if (!required.scopes.includes(body.scope)) return "scope";
  return required.fourEyes && body.approver === undefined ? "unnamed" : undefined;
}
