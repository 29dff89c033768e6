import { hash } from "node:crypto";
import { compareRecords } from "@custody/context";
import {
  detect,
  detectDay,
  type FindingFact,
  type Look,
  newFindings,
  type Rule,
} from "@custody/detections";
import {
  type AgentIdentity,
  type LedgerRecord,
  shiftMillis,
  winningFindings,
} from "@custody/model";
import {
  type Asked,
  actionRecords,
  argumentsOf,
  type FoundRecord,
  findingsOfDay,
  heardOfSessions,
  recordsOfDay,
} from "@custody/storage/queries";
import { dayEvidence, isPersonsYes } from "../detect/day-evidence.ts";
import { sessionEvidence } from "../detect/session-evidence.ts";

/** Pages of a session's records that are read: a longer one is judged by its first 50,000 records. */
const sessionPagesMax = 50;
/** Records of one day without a session that are read, the earliest of them. */
const dayRecordsMax = 50_000;
/** Calls of a day whose tier is found out for the approvals they got, the earliest of them. */
const dayCallsMax = 1_000;
/** Calls of one question. */
const callsAtOnce = 100;

/** What is new to say after one look. */
export interface Seen {
  readonly facts: readonly FindingFact[];
  /** Whose session it is, so that findings are found by agent. */
  readonly agent?: AgentIdentity;
  /** Of a look at a day. */
  readonly day?: string;
  /** Records of arguments that could not be opened. */
  readonly unread: number;
  /** There is more than was read. */
  readonly cut: boolean;
  readonly read: number;
}

export type Policies = readonly FoundRecord[];

const sha = (text: string): string => hash("sha256", text, "hex").slice(0, 32);

/** Looks at each of some sessions as a whole. Pure but for reading: what it answers follows from what is stored. */
export async function lookAtSessions(
  asked: Asked,
  sessions: readonly string[],
  rules: readonly Rule[],
  policies: Policies,
): Promise<ReadonlyMap<string, Seen>> {
  const heard = await heardOfSessions(asked, sessions, sessionPagesMax);
  if (heard === undefined) return lookAtEach(asked, sessions, rules, policies);
  const told = [...heard.values()].flatMap(({ records }) =>
    records.filter(({ record }) => record.sd?.["arguments"] !== undefined),
  );
  const texts = await argumentsOf(asked, told);
  const look = { tenant: asked.tenant, rules: ofScope(rules, "session"), hash: sha };
  return new Map(
    [...heard].map(([session, { records, cut }]) => {
      const { evidence, basis, unread } = sessionEvidence({
        session,
        records,
        policies,
        argumentsOf: texts,
      });
      const own = records.filter(({ record }) => record.session === session);
      const winners = winningFindings(own);
      const facts = newFindings(detect(look.rules, evidence), { ...look, basis, winners });
      const agent = agentOf(evidence.records.map(({ record }) => record));
      const seen = { facts, unread, cut, read: records.length };
      return [session, { ...seen, ...(agent === undefined ? {} : { agent }) }];
    }),
  );
}

/** What was read of a long session is let go before the next one is read. */
async function lookAtEach(
  asked: Asked,
  sessions: readonly string[],
  rules: readonly Rule[],
  policies: Policies,
): Promise<ReadonlyMap<string, Seen>> {
  const seen = new Map<string, Seen>();
  for (const one of sessions) {
    for (const entry of await lookAtSessions(asked, [one], rules, policies)) seen.set(...entry);
  }
  return seen;
}

/** Looks at one UTC day of a tenant. */
export async function lookAtDay(
  asked: Asked,
  day: string,
  rules: readonly Rule[],
  policies: Policies,
): Promise<Seen> {
  const window = windowOfDay(day);
  const records = await recordsOfDay(asked, window, dayRecordsMax);
  const calls = await callsOf(asked, records);
  const { evidence, basis, unread } = dayEvidence({ day, records, calls, policies });
  const look: Omit<Look, "winners"> = {
    tenant: asked.tenant,
    rules: ofScope(rules, "day"),
    basis,
    hash: sha,
  };
  const winners = winningFindings(await findingsOfDay(asked, { day, from: window.from }));
  const found = detectDay(look.rules, evidence).map((fact) => ofDay(day, fact));
  const facts = newFindings(found, { ...look, winners });
  return { facts, unread, day, cut: records.length >= dayRecordsMax, read: records.length };
}

export function windowOfDay(day: string): { readonly from: string; readonly to: string } {
  const from = `${day}T00:00:00.000000000Z`;
  return { from, to: shiftMillis(from, 86_400_000) };
}

/** The same case about the same person on another day is another finding. */
function ofDay(day: string, fact: FindingFact): FindingFact {
  const about = fact.key.at(-1) ?? "";
  return { ...fact, key: [...fact.key.slice(0, -1), `${day} ${about}`] };
}

/** The records of the calls that persons' approvals of the day are for. */
async function callsOf(
  asked: Asked,
  records: readonly FoundRecord[],
): Promise<readonly FoundRecord[]> {
  const keys = new Map<string, { readonly session: string; readonly call: string }>();
  for (const { record } of records) {
    const { session, call } = record;
    if (!isPersonsYes(record) || session === undefined || call === undefined) continue;
    if (keys.size < dayCallsMax) keys.set(JSON.stringify([session, call]), { session, call });
  }
  const calls: FoundRecord[] = [];
  for (let from = 0; from < keys.size; from += callsAtOnce) {
    // One question after another: the store's readers are few.
    const found = await actionRecords(asked, [...keys.values()].slice(from, from + callsAtOnce));
    calls.push(...found.flatMap((group) => group.records));
  }
  return calls.filter(({ record }) => record.class !== "finding");
}

function ofScope(rules: readonly Rule[], scope: "session" | "day"): readonly Rule[] {
  return rules.filter(({ scopes }) => scopes.includes(scope));
}

function agentOf(records: readonly LedgerRecord[]): AgentIdentity | undefined {
  const told = records.filter(({ agent }) => agent !== undefined && agent.name !== "");
  return told.toSorted(compareRecords).at(-1)?.agent;
}
