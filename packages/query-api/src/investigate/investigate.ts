import { shiftMillis } from "@custody/model";
import {
  type Around,
  type Asked,
  actionRecords,
  callsNear,
  clueHits,
  type FoundRecord,
  type Hit,
  type Hits,
  looseFlowHits,
  policyRecords,
  sessionRows,
} from "@custody/storage/queries";
import type {
  CandidateSession,
  Evidence,
  Investigation,
  ListedAction,
  LoneFlow,
} from "../contract/investigation.ts";
import { actionViews } from "../routes/action-views.ts";
import { type Alert, cluesOf } from "./alert.ts";
import { type ChosenCall, chooseCalls } from "./choose-calls.ts";
import { investigationLimits } from "./limits.ts";
import { loneFlows } from "./lone-flows.ts";
import { nextSteps } from "./next-steps.ts";
import {
  bestFirst,
  cluesIn,
  distanceMs,
  type RankedSession,
  rankSessions,
  sureOf,
} from "./rank-sessions.ts";

const { sessionsMax, actionsMax, unexplainedMax, evidenceMax, nearestSpansMs } =
  investigationLimits;

const none: Hits = { hits: [], cut: null };

type Cut = Investigation["cut"][number];

/** Answers an alert. Everything is read by window or by name: the work is bounded by what lies near the moment, not by what is stored. */
export async function investigate(
  asked: Asked,
  alert: Alert,
  withContent: boolean,
): Promise<Investigation> {
  const window: Around = { from: alert.from, to: alert.to, around: alert.at };
  const cut: Cut[] = [];
  const met = (what: Cut["what"], max: number | null | undefined): void => {
    if (typeof max === "number") cut.push({ what, max });
  };
  const [found, flows, policies] = await Promise.all([
    Promise.all(cluesOf(alert).map(([clue, value]) => clueHits(asked, clue, value, window))),
    // A domain finds every flow to it already, with a call or without.
    alert.clues.domain === undefined ? looseFlowHits(asked, alert.clues, window) : none,
    policyRecords(asked),
  ]);
  for (const [index, [what]] of cluesOf(alert).entries()) {
    met(what, found[index]?.cut);
  }
  met("flows", flows.cut);
  const hits = found.flatMap((one) => one.hits);
  const ranked = rankSessions(hits, alert.at);
  if (ranked.length > sessionsMax) met("sessions", sessionsMax);
  const sessions = ranked.slice(0, sessionsMax);
  const names = sessions.map(({ session }) => session);
  const [near, rows] = await Promise.all([
    callsNear(asked, names, window),
    sessionRows(asked, names),
  ]);
  met("calls", near.cut);
  const chosen = chooseCalls(sessions, near.hits, alert.at);
  if (chosen.cut) met("actions", actionsMax);
  const lone = loneFlows([...hits, ...flows.hits], alert.at);
  if (lone.length > unexplainedMax) met("unexplained", unexplainedMax);
  const told = {
    sessions: sessions.map((one) => candidate(one, rows)),
    actions: await listedActions(asked, chosen.calls, { at: alert.at, withContent, policies }),
    unexplained: lone.slice(0, unexplainedMax).map(loneFlow),
    cut,
  };
  const isNothing = told.sessions.length === 0 && told.unexplained.length === 0;
  const nearest = isNothing ? await nearestOf(asked, alert) : undefined;
  const carried = cluesIn([...hits, ...lone]);
  return {
    asked: echo(alert),
    ...told,
    next: [...nextSteps(alert, { ...told, carried }, nearest)],
  };
}

/** What the actions of an alert are composed with. */
interface Reading {
  readonly at: string;
  readonly withContent: boolean;
  readonly policies: readonly FoundRecord[];
}

/** Of actions that were chosen, those that are there, in order of time. */
async function listedActions(
  asked: Asked,
  calls: readonly ChosenCall[],
  { at, withContent, policies }: Reading,
): Promise<ListedAction[]> {
  const groups = await actionRecords(
    asked,
    calls.map(({ session, call }) => ({ session, call })),
    { yeses: true },
  );
  const views = await actionViews(asked, groups, withContent, policies);
  return views
    .flatMap((action, index) => {
      const chosen = calls[index];
      // A call whose records a link has given away since is none.
      if (chosen === undefined || action.record_ids.length === 0) return [];
      const { listed, hits } = chosen;
      return {
        matched: [...cluesIn(hits)],
        listed,
        sure: sureOf(hits),
        evidence: evidenceOf(hits, at),
        action,
        path: `/v1/actions/${action.id}`,
      };
    })
    .sort((one, other) => (one.action.started_at < other.action.started_at ? -1 : 1));
}

function candidate(
  { session, matched, hits, nearestMs }: RankedSession,
  rows: Awaited<ReturnType<typeof sessionRows>>,
): CandidateSession {
  const row = rows.find((one) => one.session === session);
  const times = hits.map(({ at }) => at).sort();
  return {
    id: session,
    agent: row?.agent.name || "unknown",
    agent_version: row?.agent.version || null,
    principal: row?.principal ?? null,
    started_at: row?.firstAt ?? times[0] ?? "",
    last_at: row?.lastAt ?? times.at(-1) ?? "",
    matched: [...matched],
    nearest_ms: nearestMs,
    why: hits.slice(0, evidenceMax).map(evidence),
    path: `/v1/sessions/${encodeURIComponent(session)}`,
  };
}

function evidenceOf(hits: readonly Hit[], at: string): Evidence[] {
  return bestFirst(hits, at).slice(0, evidenceMax).map(evidence);
}

function evidence(hit: Hit): Evidence {
  const { clue, how, id, class: recordClass, at, grade, vantage, subject, link } = hit;
  return {
    clue,
    how,
    record: id,
    class: recordClass,
    at,
    grade,
    vantage,
    said_by: subject,
    link,
    path: `/v1/records/${id}`,
  };
}

function loneFlow(hit: Hit): LoneFlow {
  const { id, at, host, port, action, grade, vantage, subject, session, call } = hit;
  return {
    record: id,
    at,
    host: host ?? "",
    port,
    action: action ?? "",
    grade,
    vantage,
    said_by: subject,
    session,
    explained: call === null ? "not" : "weakly",
    call,
    path: `/v1/records/${id}`,
  };
}

/** The nearest record that carries any of the clues, in a day around the moment. */
async function nearestOf(asked: Asked, alert: Alert): Promise<Hit | undefined> {
  let readMs = 0;
  for (const spanMs of nearestSpansMs) {
    // The last is as wide as the widest window.
    if (spanMs < alert.withinMs) continue;
    // What lies nearer was read, and held nothing: of a wider span only its two ends are asked.
    const ends = ringOf(alert.at, readMs, spanMs);
    readMs = spanMs;
    const found = await Promise.all(
      cluesOf(alert).flatMap(([clue, value]) =>
        ends.map((end) => clueHits(asked, clue, value, end, 1)),
      ),
    );
    const [nearest] = found
      .flatMap((one) => one.hits)
      .sort((one, other) => distanceMs(one.at, alert.at) - distanceMs(other.at, alert.at));
    if (nearest !== undefined) return nearest;
  }
  return undefined;
}

/** The time around a moment that is not within `nearMs` of it, nor outside of `farMs`: before it and after it. */
function ringOf(around: string, nearMs: number, farMs: number): readonly Around[] {
  return [
    { from: shiftMillis(around, -farMs), to: shiftMillis(around, -nearMs), around },
    { from: shiftMillis(around, nearMs), to: shiftMillis(around, farMs), around },
  ];
}

function echo({ at, withinMs, from, to, clues }: Alert): Investigation["asked"] {
  const { host = null, principal = null, file = null, domain = null } = clues;
  return { at, within_ms: withinMs, from, to, host, principal, file, domain };
}
