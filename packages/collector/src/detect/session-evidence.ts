import {
  atOf,
  compareRecords,
  egressInForce,
  groupByCall,
  hostAllowed,
  matchOfPlaced,
  mustBeExplained,
  type Placement,
  placementBy,
  principalOf,
} from "@custody/context";
import type { Evidence, FlowEvidence } from "@custody/detections";
import type { LedgerRecord, PlacedRecord, RecordClass } from "@custody/model";
import { callEvidence, isUnread } from "./call-evidence.ts";
import { attributionOf, beginningOf, policyFacts } from "./policy-facts.ts";
import { type ArgumentsOf, writtenFiles } from "./written-files.ts";

/** Everything that was read for one session: what it holds, what may be moved into it or out of it, and every link that says so. */
export interface HeardSession {
  readonly session: string;
  readonly records: readonly PlacedRecord[];
  /** Every policy record of the tenant. */
  readonly policies: readonly PlacedRecord[];
  readonly argumentsOf: ArgumentsOf;
}

export interface LookedAt<E> {
  readonly evidence: E;
  /** How many statements it was drawn from: grows only, whichever of them belong here by now. */
  readonly basis: number;
  /** Records that told arguments which nobody here may open: the rules read less of their calls. */
  readonly unread: number;
}

/** What we write or read ourselves is no evidence: else a finding would change what it rests on. */
const ourOwn: ReadonlySet<RecordClass> = new Set(["finding", "access", "seal"]);

/** One session as the rules see it: its records in place, its calls and flows under the policies in force at the time of the act. */
export function sessionEvidence(heard: HeardSession): LookedAt<Evidence> {
  const { session, policies, argumentsOf } = heard;
  const told = heard.records.filter(({ record }) => !ourOwn.has(record.class));
  const placement = placementBy(told);
  const isHere = (record: LedgerRecord): boolean =>
    placement.of(record).session === session ||
    // A verdict that names no call is of every session with a call that it is shown on.
    placement.further(record.id).some((link) => link.session === session);
  const records = told.filter(({ record }) => record.class !== "link" && isHere(record));
  const plain = records.map(({ record }) => record);
  const principal = principalOf(records);
  const files = writtenFiles(records, argumentsOf);
  const attribution = attributionOf(principal, policies, beginningOf(plain));
  return {
    evidence: {
      session,
      records,
      calls: [...groupByCall(told, session)].map(([call, group]) =>
        callEvidence(call, group, { argumentsOf, files }, policies),
      ),
      flows: flowsOf(plain, placement, policies),
      policy: policyFacts(policies, plain, { principal, repo: repoOf(plain) }),
      approvalsTold: plain.some((record) => record.class === "approval"),
      ...(principal === null ? {} : { principal }),
      ...(attribution === undefined ? {} : { attribution }),
    },
    basis: basisOf(told, policies),
    unread: plain.filter((record) => isUnread(record, argumentsOf)).length,
  };
}

/** What the links and the allow-list say of each flow, the list as it stood when the flow was seen. */
export function flowsOf(
  records: readonly LedgerRecord[],
  placement: Placement,
  policies: readonly PlacedRecord[],
): readonly FlowEvidence[] {
  return records.flatMap((record) => {
    if (!isEgress(record)) return [];
    const { host, port } = record.body;
    const list = egressInForce(policies, atOf(record));
    const listed = list === undefined ? {} : { listed: hostAllowed(host, port, list).allowed };
    const match = mustBeExplained(record) ? { match: matchOfPlaced(record, placement, list) } : {};
    return [{ record: record.id, ...match, ...listed }];
  });
}

/** Distinct statements, and the policies heard. */
export function basisOf(told: readonly PlacedRecord[], policies: readonly PlacedRecord[]): number {
  return new Set([...told, ...policies].map(({ sha }) => sha)).size;
}

function isEgress(record: LedgerRecord): record is LedgerRecord<"egress"> {
  return record.class === "egress";
}

function isSession(record: LedgerRecord): record is LedgerRecord<"session"> {
  return record.class === "session";
}

function repoOf(records: readonly LedgerRecord[]): string | undefined {
  const said = records.filter(isSession).filter(({ body }) => body.repo !== undefined);
  return said.toSorted(compareRecords).at(-1)?.body.repo;
}
