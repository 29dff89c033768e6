import {
  type CallEvidence,
  type DayEvidence,
  detect,
  detectDay,
  type Evidence,
  type FindingFact,
  type FlowEvidence,
} from "@custody/detections";
import type { Bodies, PlacedRecord } from "@custody/model";
import { agentAuth, at, observerAuth, placed } from "../support/placed-record.ts";
import { shippedRules } from "./shipped-rules.ts";

type ApprovalBody = Bodies["approval"];
type CallBody = Bodies["tool_call"];

/** A call as a replay writes it: it ran in second `from` and its result came a second later, unless it says otherwise. */
interface ReplayCall extends Partial<Omit<CallEvidence, "call" | "records">> {
  readonly call: string;
  readonly from: number;
  /** Seconds in which the same call ran again. */
  readonly again?: readonly number[];
  readonly risk?: readonly string[];
  readonly body?: Partial<CallBody>;
  readonly approvals?: readonly (Partial<ApprovalBody> & {
    readonly second: number;
    readonly rx?: string;
  })[];
}

interface ReplayFlow extends Partial<Omit<FlowEvidence, "record">> {
  readonly second: number;
  readonly call?: string;
  readonly turn?: string;
  readonly body?: Partial<Bodies["egress"]>;
}

export interface Replay extends Partial<Omit<Evidence, "records" | "calls" | "flows">> {
  readonly calls?: readonly ReplayCall[];
  readonly flows?: readonly ReplayFlow[];
  readonly records?: readonly PlacedRecord[];
}

/** The policies as the product ships them: a person on T2, a person each time and not the asker on T3. */
const requirements = [
  { tier: 2, by: ["human"], scopes: ["once", "session", "location", "standing"], fourEyes: false },
  { tier: 3, by: ["human"], scopes: ["once"], fourEyes: true },
] as const;

export function evidenceOf(replay: Replay): Evidence {
  const calls = (replay.calls ?? []).map(callOf);
  const flows = (replay.flows ?? []).map(flowOf);
  return {
    session: "s1",
    principal: "usr_ann",
    approvalsTold: true,
    policy: { requirements, waivers: [] },
    ...withoutLists(replay),
    records: [
      ...(replay.records ?? []),
      ...calls.flatMap(({ records }) => records),
      ...flows.map(({ record }) => record),
    ],
    calls: calls.map(({ evidence }) => ({
      ...evidence,
      records: [
        ...evidence.records,
        ...flows.flatMap(({ call, record }) => (call === evidence.call ? [record.record.id] : [])),
        ...(replay.records ?? []).flatMap(({ record }) =>
          record.call === evidence.call ? [record.id] : [],
        ),
      ],
    })),
    flows: flows.map(({ evidence }) => evidence),
  };
}

function withoutLists({ calls, flows, records, ...rest }: Replay): Partial<Evidence> {
  return rest;
}

function callOf(replay: ReplayCall): {
  readonly records: readonly PlacedRecord[];
  readonly evidence: CallEvidence;
} {
  const {
    call,
    from,
    again = [],
    risk,
    body,
    approvals = [],
    status = "executed",
    tier = 1,
    ...rest
  } = replay;
  const records = [
    ...[from, ...again].map((second) =>
      placed(
        "tool_call",
        second + 1,
        {
          event: "result",
          tool: "exec_command",
          kind: "exec",
          status,
          exec_start: at(second),
          arguments_state: "reported",
          primary: true,
          ...(risk === undefined ? {} : { risk, classifier: "risk/1" }),
          ...body,
        },
        { call },
      ),
    ),
    ...approvals.map(({ second, rx, ...approval }) =>
      placed(
        "approval",
        second,
        { verdict: "allow", by: "human", scope: "once", raw: "yes", primary: true, ...approval },
        { call, auth: agentAuth, ...(rx === undefined ? {} : { rx }) },
      ),
    ),
  ];
  const ids = records.map(({ record }) => record.id);
  return { records, evidence: { ...rest, call, status, tier, records: ids } };
}

function flowOf({ second, call, turn, body, ...rest }: ReplayFlow): {
  readonly call: string | undefined;
  readonly record: PlacedRecord;
  readonly evidence: FlowEvidence;
} {
  const record = placed(
    "egress",
    second,
    {
      host: "files.example",
      port: 443,
      protocol: "https",
      action: "allowed",
      via: "proxy",
      ...body,
    },
    { auth: observerAuth, ...(turn === undefined ? {} : { turn }) },
  );
  return { call, record, evidence: { ...rest, record: record.record.id } };
}

function findings(rule: string, evidence: Evidence): readonly FindingFact[] {
  return detect(
    shippedRules.filter(({ id }) => id === rule),
    evidence,
  );
}

/** What one shipped rule finds in a replay: case, severity and call of each. */
export function found(rule: string, replay: Replay): readonly string[] {
  return findings(rule, evidenceOf(replay)).map(({ key, body, call }) =>
    [key[5], body.severity, ...(call === undefined ? [] : [call])].join(" "),
  );
}

/** A day as a replay writes it: records, flows without a session, and whose yes its approvals are. */
export interface DayReplay extends Partial<Omit<DayEvidence, "records" | "flows">> {
  readonly flows?: readonly ReplayFlow[];
  readonly records?: readonly PlacedRecord[];
}

export function dayEvidenceOf({ records = [], flows = [], ...rest }: DayReplay): DayEvidence {
  const seen = flows.map(flowOf);
  return {
    day: "2026-11-23",
    approvals: [],
    policy: { requirements, waivers: [] },
    ...rest,
    records: [...records, ...seen.map(({ record }) => record)],
    flows: seen.map(({ evidence }) => evidence),
  };
}

/** What one shipped rule finds in a day: case, severity and what it is about, where that is a name and no record. */
export function foundInDay(rule: string, replay: DayReplay): readonly string[] {
  const rules = shippedRules.filter(({ id }) => id === rule);
  return detectDay(rules, dayEvidenceOf(replay)).map(({ key, body: { severity, about, refs } }) =>
    [key[5], severity, ...(about === undefined || refs.includes(about) ? [] : [about])].join(" "),
  );
}
