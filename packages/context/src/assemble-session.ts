import {
  type ChangeView,
  type FidelityView,
  type LedgerRecord,
  millisOf,
  type PlacedRecord,
  type RecordClass,
  type SessionView,
} from "@custody/model";
import { groupByCall } from "./call-group.ts";
import { countCommits } from "./change/change-views.ts";
import { type Counted, countedMeasures } from "./counted-measures.ts";
import { crossCheck } from "./cross-check.ts";
import { explainFacts } from "./explain-fidelity.ts";
import { fidelityOf, judge } from "./fidelity.ts";
import { type Placement, placementBy } from "./placement.ts";
import { isAgentsOwn, principalOf } from "./principal.ts";
import {
  atOf,
  compareRecords,
  compareText,
  distinctById,
  latest,
  ofClass,
} from "./record-order.ts";
import { sessionCounts, sessionUsage, unexplainedCounts } from "./session-counts.ts";
import { sessionSandbox } from "./session-sandbox.ts";
import type { ProfileLookup } from "./session-sources.ts";
import { tallyPoints } from "./tally.ts";

export interface SessionOptions {
  readonly session: string;
  /** RFC 3339, our form. */
  readonly now: string;
  /** A session without an end that was silent for this long is `unclean`. */
  readonly idleMs?: number;
  /** True where the records are the first of more: then nothing is counted against anything. */
  readonly cut?: boolean;
  /** What is written down of the sources; without it only their own session records say what they can tell. */
  readonly profileOf?: ProfileLookup;
  /** The tenant's policy records, for what an allow-list names for the agent itself. */
  readonly policies?: readonly PlacedRecord[];
  /** The commits that bear on the session (`changeViews`): they are nobody's until a link says so, and lie outside its records. */
  readonly changes?: readonly ChangeView[];
}

/** A session, why each of its facts is known or is not, and what its records count. */
export interface ExplainedSession {
  readonly view: SessionView;
  readonly fidelity: FidelityView;
  readonly counted: () => Counted;
  /** Time of the newest record that is no count of the source's own. */
  readonly lastRecordAt: string;
}

const nobodyWrote: ProfileLookup = () => undefined;

const idleMsDefault = 1_800_000;

/** Composes a session from its records, in whatever order they come (contract 5). Undefined where none of them belongs to it. */
export function assembleSession(
  records: readonly PlacedRecord[],
  options: SessionOptions,
): SessionView | undefined {
  return explainSession(records, options)?.view;
}

/** A session, and why each of its facts is known or is not: from one judgement, so that the two never disagree. */
export function explainSession(
  records: readonly PlacedRecord[],
  options: SessionOptions,
): ExplainedSession | undefined {
  const { session, now, idleMs = idleMsDefault, cut = false, profileOf = nobodyWrote } = options;
  const { changes = [] } = options;
  const placement = placementBy(records);
  const own = ownRecords(records, placement, session);
  // What a person said of a finding, weeks later, is no part of the conversation, nor what a sandbox was before it.
  const spoken = own.filter(
    ({ record }) =>
      !isBrought(record, session) &&
      record.src.auth.kind !== "internal" &&
      record.class !== "finding",
  );
  const times = spoken.map(({ record }) => atOf(record)).sort(compareText);
  const [first] = times;
  const last = times.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const calls = groupByCall(own, session);
  const states = ofClass(own, "session");
  const end = endOf(states);
  const quietMs = millisOf(now) - millisOf(last);
  const agent = agentOf(spoken.map(({ record }) => record));
  const judged = judge({ placed: own, calls }, profileOf);
  const status = end !== undefined ? "ended" : quietMs > idleMs ? "unclean" : "open";
  const view: SessionView = {
    id: session,
    agent,
    principal: principalOf(own),
    repo: lastSaid(states, ({ body }) => body.repo),
    started_at: first,
    ended_at: end?.ts ?? null,
    status,
    conversation: spoken.some(({ record }) => !aboutTheAgent.has(record.class)),
    approval_mode: lastSaid(states, ({ body }) => body.approval_mode),
    sandbox: sessionSandbox(own, session, first),
    counts: {
      ...sessionCounts(own, calls),
      ...unexplainedCounts(own, placement, options.policies ?? []),
      commits: countCommits(changes),
    },
    ...sessionUsage(own),
    fidelity: fidelityOf(judged),
    changes,
    ...crossCheckOf(own, calls, { open: status === "open", cut }),
  };
  return {
    view,
    fidelity: { session, agent, ...explainFacts(own, judged) },
    counted: () => countedMeasures(own, calls),
    lastRecordAt: lastRecordOf(own),
  };
}

/** A sandbox may stand long before a session has it, and longer. */
function isBrought(record: LedgerRecord, session: string): boolean {
  return record.class === "sandbox" && !isAgentsOwn(record) && record.session !== session;
}

function lastRecordOf(own: readonly PlacedRecord[]): string {
  const told = own.filter(({ record }) => isAgentsOwn(record) && record.class !== "integrity");
  const times = told.map(({ record }) => record.ts).sort(compareText);
  return times.at(-1) ?? "";
}

/** What the source's own metrics count, where they name this session. */
function crossCheckOf(
  own: readonly PlacedRecord[],
  calls: ReadonlyMap<string, readonly PlacedRecord[]>,
  { open, cut }: { readonly open: boolean; readonly cut: boolean },
): Pick<SessionView, "cross_check"> {
  const points = tallyPoints(own);
  if (points.length === 0) return {};
  const lastRecordAt = lastRecordOf(own);
  const apart = cut ? { apart: "The session is longer than what was read of it." } : {};
  const options = { lastRecordAt, open, ...apart };
  return { cross_check: crossCheck(points, countedMeasures(own, calls), options) };
}

/** The records of a session, linked ones included, once each and in order. */
function ownRecords(
  records: readonly PlacedRecord[],
  placement: Placement,
  session: string,
): readonly PlacedRecord[] {
  return distinctById(records.filter(({ record }) => placement.belongs(record, session))).toSorted(
    (left, right) => compareRecords(left.record, right.record),
  );
}

/**
 * What an agent says of itself before anybody talked to it. Claude Code gives a process that takes up an old conversation an id of its own
 * until it has read it, under which it only reports that it started, and counts itself.
 */
const aboutTheAgent: ReadonlySet<RecordClass> = new Set(["session", "sandbox", "integrity"]);

/** An end counts until the session starts again: a resumed session is open. */
function endOf(states: readonly LedgerRecord<"session">[]): LedgerRecord<"session"> | undefined {
  const last = latest(states.filter(({ body }) => body.event === "start" || body.event === "end"));
  return last?.body.event === "end" ? last : undefined;
}

function lastSaid(
  states: readonly LedgerRecord<"session">[],
  member: (record: LedgerRecord<"session">) => string | undefined,
): string | null {
  const said = latest(states.filter((record) => member(record) !== undefined));
  return (said && member(said)) ?? null;
}

/** Each member is the last that the agent itself said; an observer's record names no agent. */
function agentOf(records: readonly LedgerRecord[]): SessionView["agent"] {
  const own = records.filter((record) => isAgentsOwn(record) && record.agent !== undefined);
  const named = own.length > 0 ? own : records.filter(({ agent }) => agent !== undefined);
  const last = (member: "version" | "model"): string | null =>
    latest(named.filter(({ agent }) => agent?.[member] !== undefined))?.agent?.[member] ?? null;
  return {
    name: latest(named)?.agent?.name ?? "unknown",
    version: last("version"),
    model: last("model"),
  };
}
