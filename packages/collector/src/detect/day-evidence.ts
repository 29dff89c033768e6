import { groupByCall, placementBy } from "@custody/context";
import type { ApprovalEvidence, DayEvidence } from "@custody/detections";
import type { LedgerRecord, PlacedRecord } from "@custody/model";
import { callEvidence, type Readable } from "./call-evidence.ts";
import { policyFacts } from "./policy-facts.ts";
import { basisOf, flowsOf, type LookedAt } from "./session-evidence.ts";
import { writtenFiles } from "./written-files.ts";

/** Everything that was read for one UTC day of a tenant. */
export interface HeardDay {
  /** As `2026-11-23`. */
  readonly day: string;
  /** Those of the day, and the links that were made of them. */
  readonly records: readonly PlacedRecord[];
  /** The records of the calls that the day's approvals are for, as far as they were read. */
  readonly calls: readonly PlacedRecord[];
  readonly policies: readonly PlacedRecord[];
}

/** One day as the rules see it: what no session has, or many sessions have. */
export function dayEvidence(heard: HeardDay): LookedAt<DayEvidence> {
  const { day, policies } = heard;
  const placement = placementBy(heard.records);
  const records = heard.records.filter(
    ({ record }) =>
      record.class !== "link" &&
      // A flow that a link gave to a session is looked at there.
      (record.class !== "egress" || placement.of(record).session === undefined),
  );
  const plain = records.map(({ record }) => record);
  return {
    evidence: {
      day,
      records,
      approvals: approvalsOf(plain, heard.calls, policies),
      flows: flowsOf(plain, placement, policies),
      policy: policyFacts(policies, plain, { principal: null, repo: undefined }),
    },
    basis: basisOf([...heard.records, ...heard.calls], policies),
    unread: 0,
  };
}

/** Whether a person's yes is weighed: only of those anything is asked that needs the call. */
export function isPersonsYes(record: LedgerRecord): record is LedgerRecord<"approval"> {
  if (record.class !== "approval") return false;
  const { by, verdict } = (record as LedgerRecord<"approval">).body;
  return by === "human" && (verdict === "allow" || verdict === "modified");
}

/** The tier of a call is in its records: nothing has to be opened for it. */
const unopened: Readable = { argumentsOf: new Map(), files: writtenFiles([], new Map()) };

/** Whose yes it is: an authority's own, else that of the one whose agent tells it. */
function approvalsOf(
  records: readonly LedgerRecord[],
  calls: readonly PlacedRecord[],
  policies: readonly PlacedRecord[],
): readonly ApprovalEvidence[] {
  const tiers = new Map<string, ApprovalEvidence["tier"]>();
  for (const session of new Set(calls.flatMap(({ record }) => record.session ?? []))) {
    const own = calls.filter(({ record }) => record.session === session);
    for (const [call, group] of groupByCall(own, session)) {
      tiers.set(
        JSON.stringify([session, call]),
        callEvidence(call, group, unopened, policies).tier,
      );
    }
  }
  return records.filter(isPersonsYes).map((record) => {
    const { kind, subject } = record.src.auth;
    const approver = kind === "authority" ? subject : record.actor?.id;
    const tier = tiers.get(JSON.stringify([record.session, record.call]));
    return {
      record: record.id,
      ...(approver === undefined ? {} : { approver }),
      ...(tier === undefined ? {} : { tier }),
    };
  });
}
