import type { PlacedRecord, ToolKind } from "@custody/model";
import { policyInForce } from "../combine-policies.ts";
import type { ApprovalDocument, EgressDocument, Tier, TiersDocument } from "../policy-shape.ts";
import { shippedApproval, shippedTiers } from "../shipped-policies.ts";
import { labelsOf, tierOf } from "../tiers.ts";
import type { CallGroup } from "./facts.ts";

/** How an action was allowed, as compliance 1.3 tells them apart; the first that holds. `no_record`: nobody said anything of it. */
export const approvalKinds = [
  "human_once",
  "human_standing",
  "hook",
  "policy",
  "model",
  "none",
  "unknown",
  "no_record",
] as const;
export type ApprovalKind = (typeof approvalKinds)[number];

/** Actions of one tier. */
export interface TierCounts {
  readonly tier: Tier;
  readonly actions: number;
  readonly executed: number;
  readonly refused: number;
  /** Executed, with an approval heard in time that meets the requirement; all of them where the tier requires none. */
  readonly approved: number;
  /** Of those approved, the ones where somebody other than the agent said so. */
  readonly observed: number;
  /** Executed actions by how they were allowed. */
  readonly by: Readonly<Record<ApprovalKind, number>>;
  /** Executed without a valid approval: session and call of some. */
  readonly examples: readonly string[];
}

/** What a call is judged by at one time. */
export interface Rules {
  readonly tiers: TiersDocument;
  readonly approval: ApprovalDocument;
  readonly egress: EgressDocument | undefined;
}

const examplesMax = 20;

/** The rules in force in each span of time that the edges part the window into. */
export function rulesBySpan(
  policies: readonly PlacedRecord[],
  edges: readonly string[],
  from: string,
): readonly Rules[] {
  return [from, ...edges].map((at) => ({
    tiers: policyInForce(policies, "tiers", at)?.document ?? shippedTiers,
    approval: policyInForce(policies, "approval", at)?.document ?? shippedApproval,
    egress: policyInForce(policies, "egress", at)?.document,
  }));
}

/** What would stand had nobody published anything; the allow-list stays, since the product ships none. */
export function withoutPolicies({ egress }: Rules): Rules {
  return { tiers: shippedTiers, approval: shippedApproval, egress };
}

/** Actions that the rules used put in a lower tier, or take as approved, and those that came with the product do not. */
export function loosenedBy(calls: readonly CallGroup[], rulesAt: (span: number) => Rules): number {
  return sum(
    calls.filter((group) => {
      const used = judge(group, rulesAt(group.span));
      const shipped = judge(group, withoutPolicies(rulesAt(group.span)));
      return used.tier < shipped.tier || (group.executed && used.approved && !shipped.approved);
    }),
  );
}

/** Actions by tier, each judged by the rules at its time. */
export function callsByTier(
  calls: readonly CallGroup[],
  rulesAt: (span: number) => Rules,
): readonly TierCounts[] {
  const tiers = new Map<Tier, CallGroup[]>();
  const judged = new Map<CallGroup, boolean>();
  for (const group of calls) {
    const { tier, approved } = judge(group, rulesAt(group.span));
    judged.set(group, approved);
    tiers.set(tier, [...(tiers.get(tier) ?? []), group]);
  }
  return ([0, 1, 2, 3] as const).map((tier) => countsOf(tier, tiers.get(tier) ?? [], judged));
}

function countsOf(
  tier: Tier,
  groups: readonly CallGroup[],
  judged: ReadonlyMap<CallGroup, boolean>,
): TierCounts {
  const executed = groups.filter((group) => group.executed);
  const approved = executed.filter((group) => judged.get(group) === true);
  const lacking = executed.filter((group) => judged.get(group) !== true);
  const by = Object.fromEntries(
    approvalKinds.map((kind) => [kind, sum(executed.filter((one) => kindOf(one) === kind))]),
  ) as Record<ApprovalKind, number>;
  return {
    tier,
    actions: sum(groups),
    executed: sum(executed),
    refused: sum(groups.filter(({ refused }) => refused)),
    approved: sum(approved),
    observed: sum(approved.filter(({ allows }) => allows.some(isObserved))),
    by,
    examples: lacking
      .flatMap(({ examples }) => examples)
      .sort()
      .slice(0, examplesMax),
  };
}

function judge(
  group: CallGroup,
  { tiers, approval, egress }: Rules,
): { readonly tier: Tier; readonly approved: boolean } {
  const tier = tierOf(labelsOf(bodyOf(group), egress), tiers);
  const required = approval.requirements.find((one) => one.tier === tier);
  if (required === undefined) return { tier, approved: true };
  const approved = group.allows.some((allow) => {
    const [who = "", scope = "", , other] = allow.split("/");
    return (
      (required.by as readonly string[]).includes(who) &&
      (required.scopes as readonly string[]).includes(scope) &&
      (required.four_eyes !== true || other === "other")
    );
  });
  return { tier, approved };
}

const order: readonly (readonly [kind: ApprovalKind, by: string, scope?: "once" | "standing"])[] = [
  ["human_once", "human", "once"],
  ["human_standing", "human", "standing"],
  ["hook", "hook"],
  ["policy", "policy"],
  ["model", "auto_reviewer"],
  ["none", "none"],
  ["unknown", "unknown"],
];

function kindOf({ allows }: Pick<CallGroup, "allows">): ApprovalKind {
  const found = order.find(([, by, scope]) =>
    allows.some((allow) => {
      const [who, said] = allow.split("/");
      return who === by && (scope === undefined || (said === "once") === (scope === "once"));
    }),
  );
  return found?.[0] ?? "no_record";
}

function isObserved(allow: string): boolean {
  return allow.split("/")[2] === "observed";
}

function bodyOf({ tool, kind, risk, hosts, classified }: CallGroup) {
  return {
    tool,
    kind: kind as ToolKind,
    risk,
    hosts,
    ...(classified ? { classifier: "risk" } : {}),
  };
}

export function sum(groups: readonly { readonly count: number }[]): number {
  return groups.reduce((total, { count }) => total + count, 0);
}
