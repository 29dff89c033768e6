import { dayEvidence, isPersonsYes } from "@custody/collector";
import { atOf } from "@custody/context";
import { detectDay, type FindingFact, type Rule } from "@custody/detections";
import type { PlacedRecord, RecordClass } from "@custody/model";
import type { Known } from "./known.ts";

/** What a look at a day reads (detections, DayEvidence). */
const daily: ReadonlySet<RecordClass> = new Set([
  "integrity",
  "access",
  "heartbeat",
  "change",
  "approval",
  "session",
]);

function isOfDay({ record }: PlacedRecord): boolean {
  return daily.has(record.class) || (record.class === "egress" && record.session === undefined);
}

/** What the rules find in each UTC day. */
export function findingsOfDays(
  rules: readonly Rule[],
  records: readonly PlacedRecord[],
  known: Known,
): readonly FindingFact[] {
  const days = new Map<string, PlacedRecord[]>();
  for (const one of records.filter(isOfDay)) {
    const day = atOf(one.record).slice(0, 10);
    const own = days.get(day);
    if (own === undefined) days.set(day, [one]);
    else own.push(one);
  }
  return [...days]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([day, own]) => {
      const { policies } = known;
      const calls = callsOf(own, known);
      return detectDay(rules, dayEvidence({ day, records: own, calls, policies }).evidence);
    });
}

/** The records of the calls that the day's approvals by persons are for. */
function callsOf(records: readonly PlacedRecord[], known: Known): readonly PlacedRecord[] {
  const wanted = new Map<string, Set<string>>();
  for (const { record } of records) {
    const { session, call } = record;
    if (!isPersonsYes(record) || session === undefined || call === undefined) continue;
    wanted.set(session, (wanted.get(session) ?? new Set()).add(call));
  }
  return [...wanted].flatMap(([session, calls]) =>
    known.linked(session).filter(({ record }) => calls.has(record.call ?? "")),
  );
}
