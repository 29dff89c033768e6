import { type ApprovedBy, approvers, type Scope } from "@custody/model";
import type { ApprovalDocument, EgressDocument, Tier, TiersDocument } from "./policy-shape.ts";
import { shippedApproval, shippedTiers } from "./shipped-policies.ts";
import { labelsOf, type TieredBody, tierOf } from "./tiers.ts";

/** One call that ran, as far as its tier and its approvals are judged. */
export interface JudgedCall {
  /** The bodies of its decisions and tool calls whose arguments were read; of all, where none was. */
  readonly bodies: readonly TieredBody[];
  /** Approvals that said yes to it, in time. */
  readonly approvals: readonly JudgedApproval[];
  /** Whom the session works for. */
  readonly principal: string | null;
}

export interface JudgedApproval {
  readonly by: ApprovedBy;
  readonly scope: Scope;
  readonly approver?: string | undefined;
  readonly requester?: string | undefined;
}

export interface JudgedBy {
  readonly tiers: TiersDocument;
  readonly approval: ApprovalDocument;
}

/** How calls fall under one policy: by tier, and by whether somebody who may had said yes. */
export interface PolicyDistribution {
  readonly tiers: Readonly<Record<Tier, number>>;
  /** Calls of a tier that needs an approval, with one that counts, and without. */
  readonly approved: number;
  readonly unapproved: number;
  /** Calls that need none. */
  readonly exempt: number;
  /** Who said yes to the approved ones: the first that counts of each. */
  readonly by: Readonly<Record<ApprovedBy, number>>;
}

export interface UnderBoth {
  readonly used: PolicyDistribution;
  readonly shipped: PolicyDistribution;
  /** Calls that the policy used puts in a lower tier, exempts, or takes as approved, and the shipped default does not. */
  readonly loosened: number;
}

/**
 * The same calls under the policy used and under the shipped default: what an overlay lets through stands beside what would stand without it. The
 * allow-list is the one in force for both, since the product ships none.
 */
export function underBoth(
  calls: readonly JudgedCall[],
  used: JudgedBy,
  egress?: EgressDocument,
): UnderBoth {
  const shipped: JudgedBy = { tiers: shippedTiers, approval: shippedApproval };
  const byUsed = calls.map((call) => judge(call, used, egress));
  const byShipped = calls.map((call) => judge(call, shipped, egress));
  return {
    used: distributed(byUsed),
    shipped: distributed(byShipped),
    loosened: byUsed.filter((one, index) => {
      const other = byShipped[index];
      if (other === undefined) return false;
      return (
        one.tier < other.tier || (other.verdict === "unapproved" && one.verdict !== "unapproved")
      );
    }).length,
  };
}

interface Judgement {
  readonly tier: Tier;
  readonly verdict: "approved" | "unapproved" | "exempt";
  readonly by: ApprovedBy | undefined;
}

function judge(
  call: JudgedCall,
  { tiers, approval }: JudgedBy,
  egress?: EgressDocument,
): Judgement {
  const labels = [...new Set(call.bodies.flatMap((body) => labelsOf(body, egress)))];
  const tier = tierOf(labels, tiers);
  const required = approval.requirements.find((one) => one.tier === tier);
  if (required === undefined) return { tier, verdict: "exempt", by: undefined };
  const good = call.approvals.find(
    (one) =>
      required.by.includes(one.by) &&
      required.scopes.includes(one.scope) &&
      (required.four_eyes !== true || isIndependent(one, call.principal)),
  );
  return { tier, verdict: good === undefined ? "unapproved" : "approved", by: good?.by };
}

/** Nobody who is not named can be told apart from the one who asked. */
function isIndependent({ approver, requester }: JudgedApproval, principal: string | null): boolean {
  return approver !== undefined && approver !== requester && approver !== principal;
}

function distributed(judged: readonly Judgement[]): PolicyDistribution {
  const tiers = { 0: 0, 1: 0, 2: 0, 3: 0 };
  const by = Object.fromEntries(approvers.map((name) => [name, 0])) as Record<ApprovedBy, number>;
  const counts = { approved: 0, unapproved: 0, exempt: 0 };
  for (const one of judged) {
    tiers[one.tier]++;
    counts[one.verdict]++;
    if (one.by !== undefined) by[one.by]++;
  }
  return { tiers, ...counts, by };
}
