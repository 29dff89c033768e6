import {
  joinApprovals,
  joinCalls,
  joinChanges,
  joinEgress,
  joinTraces,
  joinViolations,
  namesByDigest,
} from "@custody/context";
import type { LedgerRecord, PlacedRecord } from "@custody/model";
import { linkRecord } from "../../support/link-record.ts";

/** Records by what they bear on, as the jobs ask the store for them. */
export interface Known {
  /** Takes a record, and names the sessions that there is more to know of. */
  add(one: PlacedRecord): ReadonlySet<string>;
  sessions(): readonly string[];
  readonly policies: readonly PlacedRecord[];
  /** Everything of a session, with the links that the jobs would have written by now. */
  linked(session: string): readonly PlacedRecord[];
}

type Index = Map<string, PlacedRecord[]>;

export function createKnown(): Known {
  const sessions: Index = new Map();
  const policies: PlacedRecord[] = [];
  /** Verdicts that name an action by its digest, and the calls of it, whichever session they are in. */
  const digests: Index = new Map();
  /** Commits by the sessions that their trailers name. */
  const changes: Index = new Map();
  return {
    policies,
    sessions: () => [...sessions.keys()],
    add(one) {
      const { record } = one;
      const own = record.session === undefined ? [] : [record.session];
      const claimed = sessionsClaimed(record);
      const digest = digestIn(record);
      if (record.class === "policy") policies.push(one);
      for (const session of own) put(sessions, session, one);
      for (const session of claimed) put(changes, session, one);
      if (digest !== undefined) put(digests, digest, one);
      const same = digest !== undefined && isVerdict(record) ? (digests.get(digest) ?? []) : [];
      return new Set([...own, ...claimed, ...same.flatMap((other) => other.record.session ?? [])]);
    },
    linked(session) {
      const own = sessions.get(session) ?? [];
      const named = [...new Set(own.flatMap(({ record }) => digestIn(record) ?? []))];
      const same = named
        .map((digest) => digests.get(digest) ?? [])
        .filter((group) => group.some(({ record }) => isVerdict(record)))
        .flat();
      const verdicts = same.filter(({ record }) => isVerdict(record));
      const links = joinApprovals({ records: same }).map(linkRecord);
      const merges = changes.get(session) ?? [];
      const all = [...own, ...verdicts, ...merges, ...links, ...changeLinks(session, own, merges)];
      return withOwnLinks(session, distinct(all));
    },
  };
}

function put(index: Index, key: string, one: PlacedRecord): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [one]);
  else known.push(one);
}

/** One record may stand in several of the lists; two claims under one id are two. */
function distinct(records: readonly PlacedRecord[]): readonly PlacedRecord[] {
  return [...new Map(records.map((one) => [one.sha, one])).values()];
}

function isOf<C extends LedgerRecord["class"]>(
  record: LedgerRecord,
  name: C,
): record is LedgerRecord<C> {
  return record.class === name;
}

const isVerdict = (record: LedgerRecord): boolean =>
  isOf(record, "approval") && namesByDigest(record);

function digestIn(record: LedgerRecord): string | undefined {
  if (isOf(record, "tool_call")) return record.body.action_digest;
  return isOf(record, "approval") && namesByDigest(record) ? record.body.action_digest : undefined;
}

function sessionsClaimed(record: LedgerRecord): readonly string[] {
  return isOf(record, "change") ? (record.body.trailer_sessions ?? []) : [];
}

function changeLinks(
  session: string,
  own: readonly PlacedRecord[],
  changes: readonly PlacedRecord[],
): readonly PlacedRecord[] {
  if (changes.length === 0 || own.length === 0) return [];
  const times = own.map(({ record }) => record.ts).sort();
  const tellers = new Set(own.map(({ record }) => record.src.auth.subject));
  const facts = { session, repo: null, from: times[0] ?? "", to: times.at(-1) ?? "" };
  const sessions = [{ ...facts, tellers: [...tellers] }];
  return joinChanges({ changes, sessions, records: own, texts: [] }).map(linkRecord);
}

/** Sessions of spans first, then their calls, what happened in the sandbox, and the flows. */
function withOwnLinks(session: string, told: readonly PlacedRecord[]): readonly PlacedRecord[] {
  const moved = [...told, ...joinTraces(told).map(linkRecord)];
  const called = [...moved, ...joinCalls({ session, records: moved }).map(linkRecord)];
  const violated = joinViolations({ session, violations: called, records: called });
  const all = [...called, ...violated.map(linkRecord)];
  const links = all.filter(({ record }) => record.class === "link");
  return [...all, ...joinEgress({ egress: told, calls: told, links }).map(linkRecord)];
}
