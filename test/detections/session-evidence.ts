import {
  callOutcome,
  callPaths,
  callPrograms,
  groupByCall,
  joinCalls,
  joinEgress,
  joinTraces,
  labelsOf,
  placementBy,
  principalOf,
  shippedApproval,
  shippedTiers,
  tierOf,
} from "@custody/context";
import type { CallEvidence, Evidence } from "@custody/detections";
import type { LedgerRecord, PlacedRecord } from "@custody/model";
import { linkRecord } from "../support/link-record.ts";

/** What a session's records come to for the rules, as whoever runs them joins it: shipped policies, no allow-list, no waiver. */
export function sessionEvidence(
  told: readonly PlacedRecord[],
  argumentsOf: ReadonlyMap<string, string>,
): readonly Evidence[] {
  const records = withLinks(told);
  const placement = placementBy(records);
  const own = records.filter(({ record }) => record.class !== "link");
  const sessionOf = ({ record }: PlacedRecord): string | undefined => placement.of(record).session;
  const sessions = [...new Set(own.flatMap((one) => sessionOf(one) ?? []))];
  return sessions.map((session): Evidence => {
    const placed = own.filter((one) => sessionOf(one) === session);
    const principal = principalOf(placed);
    return {
      session,
      records: placed,
      calls: [...groupByCall(records, session)].map(([call, group]) =>
        callEvidence(call, group, argumentsOf),
      ),
      flows: [],
      policy: {
        requirements: shippedApproval.requirements.map(({ four_eyes, ...rest }) => ({
          ...rest,
          fourEyes: four_eyes === true,
        })),
        waivers: [],
      },
      approvalsTold: placed.some(({ record }) => record.class === "approval"),
      ...(principal === null ? {} : { principal }),
    };
  });
}

type Tooled = LedgerRecord<"tool_call"> | LedgerRecord<"decision">;

function isTooled(record: LedgerRecord): record is Tooled {
  return record.class === "tool_call" || record.class === "decision";
}

function callEvidence(
  call: string,
  group: readonly PlacedRecord[],
  argumentsOf: ReadonlyMap<string, string>,
): CallEvidence {
  const all = group.map(({ record }) => record);
  const tooled = all.filter(isTooled);
  const read = tooled.filter(({ body }) => body.classifier !== undefined);
  const labels = (read.length > 0 ? read : tooled).flatMap(({ body }) => labelsOf(body));
  // Accounts of one call differ in how much they say of its arguments.
  const accounts = tooled.flatMap(({ id, body: { tool, kind } }) => {
    const text = argumentsOf.get(id);
    if (text === undefined) return [];
    return [{ programs: callPrograms(tool, kind, text), paths: callPaths(tool, kind, text) }];
  });
  const size = (one: (typeof accounts)[number]): number => one.programs.length + one.paths.length;
  const fullest = accounts.reduce<(typeof accounts)[number] | undefined>(
    (best, one) => (best === undefined || size(best) < size(one) ? one : best),
    undefined,
  );
  return {
    call,
    records: all.map(({ id }) => id),
    status: callOutcome(group).status,
    tier: tierOf([...new Set(labels)], shippedTiers),
    ...fullest,
  };
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
