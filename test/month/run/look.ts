import { sessionEvidence } from "@custody/collector";
import { detect, type FindingFact, type Rule } from "@custody/detections";
import { findingsOfDays } from "./days.ts";
import { gapRecords } from "./gaps.ts";
import type { Heard } from "./heard.ts";
import { createKnown, type Known } from "./known.ts";

export function knownOf(heard: Heard): Known {
  const known = createKnown();
  for (const one of heard.records) known.add(one);
  return known;
}

/** What the rules find in a whole month, session by session and day by day. */
export function findings(rules: readonly Rule[], heard: Heard): readonly FindingFact[] {
  const known = knownOf(heard);
  const { policies } = known;
  const { argumentsOf } = heard;
  const ofSessions = known.sessions().flatMap((session) => {
    const records = known.linked(session);
    return detect(rules, sessionEvidence({ session, records, policies, argumentsOf }).evidence);
  });
  const records = [...heard.records, ...gapRecords(heard.records)];
  return [...ofSessions, ...findingsOfDays(rules, records, known)];
}
