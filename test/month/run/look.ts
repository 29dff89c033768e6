import { sessionEvidence } from "@custody/collector";
import { joinCalls, joinEgress, joinTraces } from "@custody/context";
import { detect, type FindingFact, type Rule } from "@custody/detections";
import type { PlacedRecord } from "@custody/model";
import { linkRecord } from "../../support/link-record.ts";
import type { Heard } from "./heard.ts";

/** Everything of one session, with the links that the jobs would have written by then. */
export function linked(session: string, told: readonly PlacedRecord[]): readonly PlacedRecord[] {
  const moved = [...told, ...joinTraces(told).map(linkRecord)];
  const called = [...moved, ...joinCalls({ session, records: moved }).map(linkRecord)];
  const links = called.filter(({ record }) => record.class === "link");
  return [...called, ...joinEgress({ egress: told, calls: told, links }).map(linkRecord)];
}

export function bySession(
  records: readonly PlacedRecord[],
): ReadonlyMap<string, readonly PlacedRecord[]> {
  const groups = new Map<string, PlacedRecord[]>();
  for (const one of records) {
    const { session } = one.record;
    if (session === undefined) continue;
    const group = groups.get(session);
    if (group === undefined) groups.set(session, [one]);
    else group.push(one);
  }
  return groups;
}

/** What the rules find in a whole month, session by session and day by day. */
export function findings(rules: readonly Rule[], heard: Heard): readonly FindingFact[] {
  const policies = heard.records.filter(({ record }) => record.class === "policy");
  return [...bySession(heard.records)].flatMap(([session, told]) => {
    const records = linked(session, told);
    const { argumentsOf } = heard;
    const { evidence } = sessionEvidence({ session, records, policies, argumentsOf });
    return detect(rules, evidence);
  });
}
