import { type LookedAt, sessionEvidence } from "@custody/collector";
import { joinCalls, joinEgress, joinTraces, type LinkFact, placementBy } from "@custody/context";
import type { Evidence } from "@custody/detections";
import type { PlacedRecord } from "@custody/model";
import { linkRecord } from "../support/link-record.ts";

/**
 * What records come to for the rules, session by session, as the job reads them from the store: links as the other jobs would have written them, and
 * under the policies among the records.
 */
export function evidenceOfAll(
  told: readonly PlacedRecord[],
  argumentsOf: ReadonlyMap<string, string>,
): readonly LookedAt<Evidence>[] {
  const policies = told.filter(({ record }) => record.class === "policy");
  const records = withLinks(told);
  const placement = placementBy(records);
  const bySession = new Map<string, PlacedRecord[]>();
  const sessionOf = new Map(
    records.map(({ record }) => [record.id, placement.of(record).session] as const),
  );
  for (const one of records) {
    const { record } = one;
    const linked = record.class === "link" ? (record as { body: LinkFact["body"] }) : undefined;
    const session = sessionOf.get(linked === undefined ? record.id : linked.body.record);
    if (session === undefined) continue;
    const known = bySession.get(session);
    if (known) known.push(one);
    else bySession.set(session, [one]);
  }
  return [...bySession].map(([session, own]) =>
    sessionEvidence({ session, records: own, policies, argumentsOf }),
  );
}

/** The links that the jobs would write: sessions by their traces first, then calls, then flows. */
function withLinks(told: readonly PlacedRecord[]): readonly PlacedRecord[] {
  const own = told.filter(({ record }) => record.class !== "link");
  const moved = [...own, ...joinTraces(own).map(linkRecord)];
  const placement = placementBy(moved);
  const sessions = new Set(own.flatMap(({ record }) => placement.of(record).session ?? []));
  const called = [
    ...moved,
    ...[...sessions].flatMap((session) => joinCalls({ session, records: moved }).map(linkRecord)),
  ];
  const links = called.filter(({ record }) => record.class === "link");
  return [...called, ...joinEgress({ egress: own, calls: own, links }).map(linkRecord)];
}
