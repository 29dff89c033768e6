import type { PlacedRecord, PolicyKind } from "@custody/model";
import { type PolicyInterval, policiesInForce } from "./policies-in-force.ts";
import type {
  ApprovalDocument,
  PolicyDocuments,
  PrincipalsDocument,
  Tier,
  TiersDocument,
} from "./policy-shape.ts";
import { compareText } from "./record-order.ts";
import { highestTier } from "./tiers.ts";

type Combine<K extends PolicyKind> = (
  documents: readonly PolicyDocuments[K][],
) => PolicyDocuments[K];

/**
 * What several names of one kind come to while they are in force together. What a list allows, each name adds to: two people agreed to each. What
 * is demanded, the strictest of all names decides: nobody loosens a demand by publishing another beside it, only by a new version of the same name.
 */
export const combinePolicies: { readonly [K in PolicyKind]: Combine<K> } = {
  egress: (documents) => ({ default: "deny", rules: documents.flatMap(({ rules }) => rules) }),
  approval: (documents) => ({ requirements: strictest(documents) }),
  sandbox: (documents) => ({ profiles: documents.flatMap(({ profiles }) => profiles) }),
  roles: (documents) => ({
    roles: [
      ...byName(
        documents.flatMap(({ roles }) => roles),
        ({ role }) => role,
      ),
    ].map(([role, same]) => ({ role, members: distinct(same.flatMap(({ members }) => members)) })),
  }),
  principals: (documents) => ({ principals: leastTrusted(documents) }),
  tiers: (documents) => highest(documents),
  agents: (documents) => ({
    agents: [
      ...byName(
        documents.flatMap(({ agents }) => agents),
        ({ name }) => name,
      ),
    ].map(([name, same]) => ({
      name,
      versions: distinct(same.flatMap(({ versions }) => versions)),
    })),
  }),
  agent_policy: (documents) => ({ configs: documents.flatMap(({ configs }) => configs) }),
  components: (documents) => ({ components: documents.flatMap(({ components }) => components) }),
  waivers: (documents) => ({ waivers: documents.flatMap(({ waivers }) => waivers) }),
};

/** What governed a moment, and the versions that it was made of. */
export interface PolicyInForce<K extends PolicyKind> {
  readonly document: PolicyDocuments[K];
  readonly policies: readonly PolicyInterval<K>[];
  /** Nobody published one: the product's own default stands, and nobody approved it. */
  readonly shipped: boolean;
}

/** Undefined where nobody published one of the kind, and the product ships none. */
export function policyInForce<K extends PolicyKind>(
  records: readonly PlacedRecord[],
  kind: K,
  at: string,
): PolicyInForce<K> | undefined {
  const policies = policiesInForce(records, at).filter(
    (policy): policy is PolicyInterval<K> => policy.kind === kind,
  );
  if (policies.length === 0) return undefined;
  const documents = policies.map(({ document }) => document);
  return {
    document: combinePolicies[kind](documents),
    policies,
    shipped: policies.some(({ shipped }) => shipped),
  };
}

function highest(documents: readonly TiersDocument[]): TiersDocument {
  return {
    // The highest of all rules that match is taken anyway.
    rules: documents.flatMap(({ rules }) => rules),
    default: highestTier(documents.map((document) => document.default)) ?? 3,
  };
}

type Requirement = ApprovalDocument["requirements"][number];

/** Of each tier what all names that speak of it accept; two people where any of them wants two. */
function strictest(documents: readonly ApprovalDocument[]): readonly Requirement[] {
  const all = documents.flatMap(({ requirements }) => requirements);
  return [...byName(all, ({ tier }) => String(tier))]
    .map(([tier, same]) => ({
      tier: Number(tier) as Tier,
      by: common(same.map(({ by }) => by)),
      scopes: common(same.map(({ scopes }) => scopes)),
      ...(same.some(({ four_eyes }) => four_eyes) ? { four_eyes: true } : {}),
    }))
    .sort((left, right) => left.tier - right.tier);
}

/** A person only where every name says so, and shared where any does. */
function leastTrusted(documents: readonly PrincipalsDocument[]): PrincipalsDocument["principals"] {
  const all = documents.flatMap(({ principals }) => principals);
  return [...byName(all, ({ id }) => id)].map(([id, same]) => ({
    id,
    type: same.every(({ type }) => type === "human") ? ("human" as const) : ("service" as const),
    ...(same.some(({ shared }) => shared) ? { shared: true } : {}),
  }));
}

function common<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const [first = [], ...others] = lists;
  return first.filter((item) => others.every((other) => other.includes(item)));
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort(compareText);
}

function byName<T>(items: readonly T[], nameOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return groups;
}
