import { hostAllowed } from "../allow-list.ts";
import { policyInForce } from "../combine-policies.ts";
import {
  documentsInForce,
  type PolicyInterval,
  policiesInForce,
  policyIntervals,
} from "../policies-in-force.ts";
import type { EgressDocument } from "../policy-shape.ts";
import {
  callsByTier,
  loosenedBy,
  type Rules,
  rulesBySpan,
  sum,
  type TierCounts,
  withoutPolicies,
} from "./calls-by-tier.ts";
import type { FlowGroup, SessionGroup, WindowFacts } from "./facts.ts";
import type { DenominatorSource } from "./indicator.ts";
import { type Coverage, coverageOf, type ExpectedHeard, heardOf } from "./silence.ts";

/** The facts of a window with what every indicator asks of them. */
export interface Evidence {
  readonly facts: WindowFacts;
  readonly coverage: Coverage | undefined;
  readonly heard: readonly ExpectedHeard[];
  /** Sessions in scope: those that spoke, sandboxes without one, and one for each that should report and is silent. */
  readonly inScope: number;
  readonly scopeSource: DenominatorSource;
  /** Who vouches that everybody who acts was heard; the number of actions itself is told by agents. */
  readonly actionSource: DenominatorSource;
  readonly tiers: readonly TierCounts[];
  readonly shippedTiers: readonly TierCounts[];
  readonly loosened: number;
  /** Digests of the sandbox profiles that were approved at any time of the window. */
  readonly profiles: ReadonlySet<string>;
  readonly allowList: EgressDocument | undefined;
  readonly egressPolicy: PolicyInterval<"egress"> | undefined;
  /** Flows by what they come to, the allow-list's own words on the agent's endpoints included. */
  readonly flows: FlowTotals;
  readonly bypassed: { readonly waived: number; readonly unwaived: number };
}

export interface FlowTotals {
  readonly all: number;
  readonly allowed: number;
  readonly denied: number;
  readonly listed: number;
  readonly explained: number;
  readonly weak: number;
  readonly none: number;
  readonly unexplained_examples: readonly string[];
}

export function evidenceOf(facts: WindowFacts): Evidence {
  const coverage = coverageOf(facts);
  const silent = coverage === undefined ? 0 : coverage.expected - coverage.heard;
  const lone = sum(facts.world.filter(({ what, tied }) => what === "sandbox" && !tied));
  const rules = rulesBySpan(facts.policies, facts.edges, facts.from);
  const rulesAt = (span: number): Rules => ruleOf(rules, span);
  const counted = facts.ground.runtimes > 0 ? "runtime" : "telemetry";
  const isNamed = coverage !== undefined && coverage.expected > 0;
  const isWhole = isNamed ? silent === 0 : lone === 0;
  return {
    facts,
    coverage,
    heard: heardOf(facts.expected ?? [], facts.sources),
    inScope: sum(facts.sessions) + lone + silent,
    scopeSource: isNamed ? "expected" : counted,
    // Nobody but the agent counts its actions: they are as good as the knowledge that everybody who acts was heard.
    actionSource: isWhole ? (isNamed ? "expected" : counted) : "telemetry",
    tiers: callsByTier(facts.calls, rulesAt),
    shippedTiers: callsByTier(facts.calls, (span) => withoutPolicies(rulesAt(span))),
    loosened: loosenedBy(facts.calls, rulesAt),
    profiles: approvedProfiles(facts),
    allowList: policyInForce(facts.policies, "egress", last(facts))?.document,
    egressPolicy: policiesInForce(facts.policies, last(facts)).find(
      (policy): policy is PolicyInterval<"egress"> => policy.kind === "egress" && !policy.shipped,
    ),
    flows: flowTotals(facts, rules),
    bypassed: bypassOf(facts),
  };
}

function ruleOf(rules: readonly Rules[], span: number): Rules {
  const rule = rules[Math.min(span, rules.length - 1)];
  if (rule === undefined) throw new RangeError("a window has at least one span of rules");
  return rule;
}

/** The last moment of the window: what is in force from its end on is not in force in it. */
function last({ from, to, edges }: WindowFacts): string {
  return edges.filter((edge) => edge < to).at(-1) ?? from;
}

function approvedProfiles({ policies, from, to }: WindowFacts): ReadonlySet<string> {
  return new Set(
    policyIntervals(policies)
      .filter(
        (policy): policy is PolicyInterval<"sandbox"> =>
          policy.kind === "sandbox" &&
          policy.from < to &&
          (policy.to === undefined || policy.to > from),
      )
      .flatMap(({ document }) => document.profiles.map(({ config_digest }) => config_digest)),
  );
}

function flowTotals({ flows }: WindowFacts, rules: readonly Rules[]): FlowTotals {
  const verdictOf = ({ span, host, port }: FlowGroup) => {
    const list = ruleOf(rules, span).egress;
    return list === undefined ? undefined : hostAllowed(host, port, list);
  };
  const matchOf = (flow: FlowGroup): FlowGroup["tied"] =>
    flow.tied !== "explained" && verdictOf(flow)?.purpose === "agent" ? "explained" : flow.tied;
  const of = (match: FlowGroup["tied"]): readonly FlowGroup[] =>
    flows.filter((flow) => matchOf(flow) === match);
  const allowed = flows.filter(({ action }) => action === "allowed");
  return {
    all: sum(flows),
    allowed: sum(allowed),
    denied: sum(flows.filter(({ action }) => action === "denied")),
    listed: sum(allowed.filter((flow) => verdictOf(flow)?.allowed === true)),
    explained: sum(of("explained")),
    weak: sum(of("weak")),
    none: sum(of("none")),
    unexplained_examples: of("none")
      .flatMap(({ examples }) => examples)
      .sort()
      .slice(0, 20),
  };
}

/** Controls whose waiver lets a session run in a mode that asks nobody. */
const bypassControls: ReadonlySet<string> = new Set(["AT-APR-01", "D-APR-01"]);

function bypassOf(facts: WindowFacts): Evidence["bypassed"] {
  const at = last(facts);
  const waivers = documentsInForce(facts.policies, "waivers", at).flatMap(
    (document) => document.waivers,
  );
  const isWaived = ({ holder, repo }: SessionGroup): boolean =>
    waivers.some(
      (waiver) =>
        bypassControls.has(waiver.control) &&
        waiver.principal === holder &&
        waiver.expires > facts.from &&
        (waiver.repo === undefined || waiver.repo === repo),
    );
  const bypassed = facts.sessions.filter(({ bypass }) => bypass);
  const waived = sum(bypassed.filter(isWaived));
  return { waived, unwaived: sum(bypassed) - waived };
}
