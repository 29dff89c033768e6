import { type Fact, limits } from "@custody/model";
import type { Hit } from "./condition.ts";
import { type DayEvidence, dayOf } from "./day.ts";
import type { Evidence } from "./evidence.ts";
import { detectionLimits } from "./limits.ts";
import { compareText } from "./record-order.ts";
import type { Rule } from "./rule.ts";
import { storyOf } from "./story.ts";

/**
 * A finding as a fact. Its key is what it is about and not the records that show it: rule, version, session, call, case, and the record or name that
 * tells several of one call apart. A finding of a day has no session.
 */
export interface FindingFact extends Fact<"finding"> {
  readonly key: readonly string[];
  readonly ts: string;
}

/**
 * What the rules find in one session. It depends on the set of statements alone: late, shuffled and repeated records give the same findings,
 * and the same findings have the same keys.
 */
export function detect(rules: readonly Rule[], evidence: Evidence): readonly FindingFact[] {
  const story = storyOf(evidence);
  return findingsOf(rules, (rule) => rule.search.inSession(story), evidence.session);
}

/** What they find in one day of a tenant, in the same way. */
export function detectDay(rules: readonly Rule[], evidence: DayEvidence): readonly FindingFact[] {
  const day = dayOf(evidence);
  return findingsOf(rules, (rule) => rule.search.inDay(day), undefined);
}

function findingsOf(
  rules: readonly Rule[],
  hitsOf: (rule: Rule) => readonly Hit[],
  session: string | undefined,
): readonly FindingFact[] {
  const findings = new Map<string, FindingFact>();
  for (const rule of rules) {
    for (const hit of earliest(hitsOf(rule))) {
      const finding = findingOf(rule, hit, session);
      const key = JSON.stringify(finding.key);
      // Hits come in order: of several that are about one thing the first shows it.
      if (!findings.has(key)) findings.set(key, finding);
    }
  }
  return [...findings.values()].sort((left, right) => compareText(left.ts, right.ts));
}

/** Sorted whole, so that what a limit leaves out does not depend on the order of the records. */
function earliest(hits: readonly Hit[]): readonly Hit[] {
  return hits
    .toSorted(
      (left, right) =>
        compareText(left.at, right.at) ||
        compareText(left.refs.join(" "), right.refs.join(" ")) ||
        compareText(left.case, right.case) ||
        compareText(left.about ?? "", right.about ?? ""),
    )
    .slice(0, detectionLimits.findingsPerRuleMax);
}

function findingOf(rule: Rule, hit: Hit, session: string | undefined): FindingFact {
  const refs = [...new Set(hit.refs)].sort(compareText).slice(0, limits.bodyListItemsMax);
  const severity = rule.severity[hit.case];
  // `readRule` refuses a rule that leaves a case without one.
  if (severity === undefined) throw new RangeError(`${rule.id} has no severity for ${hit.case}`);
  const { call, about } = hit;
  return {
    class: "finding",
    key: ["finding", rule.id, rule.version, session ?? "", call ?? "", hit.case, about ?? ""],
    ts: hit.at,
    ...(session === undefined ? {} : { session }),
    ...(call === undefined ? {} : { call }),
    ...(hit.inferred === undefined ? {} : { inferred: true }),
    body: {
      rule: rule.id,
      rule_version: rule.version,
      severity,
      status: "open",
      refs,
      case: hit.case,
      ...(about === undefined ? {} : { about }),
    },
  };
}
