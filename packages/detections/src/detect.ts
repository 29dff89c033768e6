import { type Fact, limits } from "@custody/model";
import type { Hit } from "./condition.ts";
import type { Evidence } from "./evidence.ts";
import { detectionLimits } from "./limits.ts";
import { compareText } from "./record-order.ts";
import type { Rule } from "./rule.ts";
import { storyOf } from "./story.ts";

/** A finding as a fact: stamped under our own credential, its id follows from its key, and the key from what was found. */
export interface FindingFact extends Fact<"finding"> {
  readonly key: readonly string[];
  readonly ts: string;
  readonly session: string;
}

/**
 * What the rules find in one session. It depends on the set of statements alone: late, shuffled and repeated records give the same findings,
 * and the same findings have the same keys.
 */
export function detect(rules: readonly Rule[], evidence: Evidence): readonly FindingFact[] {
  const story = storyOf(evidence);
  const findings = new Map<string, FindingFact>();
  for (const rule of rules) {
    for (const hit of earliest(rule.find(story))) {
      const finding = findingOf(rule, hit, evidence.session);
      findings.set(JSON.stringify(finding.key), finding);
    }
  }
  return [...findings.entries()]
    .sort(([, left], [, right]) => compareText(left.ts, right.ts))
    .map(([, finding]) => finding);
}

/** Sorted whole, so that what a limit leaves out does not depend on the order of the records. */
function earliest(hits: readonly Hit[]): readonly Hit[] {
  return hits
    .toSorted(
      (left, right) =>
        compareText(left.at, right.at) ||
        compareText(left.refs.join(" "), right.refs.join(" ")) ||
        compareText(left.case, right.case),
    )
    .slice(0, detectionLimits.findingsPerRuleMax);
}

function findingOf(rule: Rule, hit: Hit, session: string): FindingFact {
  const refs = [...new Set(hit.refs)].sort(compareText).slice(0, limits.bodyListItemsMax);
  const severity = rule.severity[hit.case];
  // `readRule` refuses a rule that leaves a case without one.
  if (severity === undefined) throw new RangeError(`${rule.id} has no severity for ${hit.case}`);
  return {
    class: "finding",
    key: ["finding", rule.id, rule.version, session, hit.call ?? "", hit.case, ...refs],
    ts: hit.at,
    session,
    ...(hit.call === undefined ? {} : { call: hit.call }),
    ...(hit.inferred === undefined ? {} : { inferred: true }),
    body: { rule: rule.id, rule_version: rule.version, severity, status: "open", refs },
  };
}
