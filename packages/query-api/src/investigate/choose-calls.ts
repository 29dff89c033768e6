import type { Hit, How } from "@custody/storage/queries";
import { investigationLimits } from "./limits.ts";
import { distanceMs, type RankedSession } from "./rank-sessions.ts";

/** A call to show, and why. */
export interface ChosenCall {
  readonly session: string;
  readonly call: string;
  readonly listed: "matched" | "before" | "after" | "nearest";
  /** Empty where it is listed for what stands beside it. */
  readonly hits: readonly Hit[];
}

/** Ways to carry a clue that are of the call; the others are of its session. */
const ofCall: ReadonlySet<How> = new Set([
  "same_host",
  "subdomain",
  "arguments",
  "client",
  "approver",
  "path",
  "file_name",
]);

interface Placed {
  readonly session: string;
  readonly call: string;
  readonly at: string;
}

/**
 * The calls of ranked sessions to show: those that a record of their own matches, then those beside them; of a session that matches as a whole,
 * those nearest to the moment. `near` are records of calls in the window. At most `max`, the best sessions first, matches before neighbours.
 */
export function chooseCalls(
  sessions: readonly RankedSession[],
  near: readonly Hit[],
  at: string,
  max: number = investigationLimits.actionsMax,
): { readonly calls: readonly ChosenCall[]; readonly cut: boolean } {
  const choices = sessions.map((session) => {
    const own = near.filter((hit) => hit.session === session.session);
    return choiceOf(session, inOrder([...own, ...session.hits]), at);
  });
  const all = [
    ...choices.flatMap(({ matched }) => matched),
    ...choices.flatMap(({ beside }) => beside),
  ];
  return { calls: all.slice(0, max), cut: all.length > max };
}

interface Choice {
  readonly matched: readonly ChosenCall[];
  readonly beside: readonly ChosenCall[];
}

function choiceOf({ session, hits }: RankedSession, calls: readonly Placed[], at: string): Choice {
  const matched = new Map<string, Hit[]>();
  for (const hit of hits) {
    if (hit.call === null || !ofCall.has(hit.how)) continue;
    matched.set(hit.call, [...(matched.get(hit.call) ?? []), hit]);
  }
  if (matched.size === 0) {
    const nearest = calls
      .toSorted((one, other) => distanceMs(one.at, at) - distanceMs(other.at, at))
      .slice(0, investigationLimits.nearestMax);
    return { matched: [], beside: nearest.map(({ call }) => lone(session, call, "nearest")) };
  }
  const beside = new Map<string, ChosenCall>();
  for (const [index, { call }] of calls.entries()) {
    if (!matched.has(call)) continue;
    const { besideMax } = investigationLimits;
    const before = calls.slice(Math.max(0, index - besideMax), index);
    const after = calls.slice(index + 1, index + 1 + besideMax);
    for (const one of before) add(beside, lone(session, one.call, "before"));
    for (const one of after) add(beside, lone(session, one.call, "after"));
  }
  return {
    matched: [...matched].map(([call, own]) => ({ session, call, listed: "matched", hits: own })),
    beside: [...beside.values()].filter(({ call }) => !matched.has(call)),
  };
}

function lone(session: string, call: string, listed: ChosenCall["listed"]): ChosenCall {
  return { session, call, listed, hits: [] };
}

function add(calls: Map<string, ChosenCall>, one: ChosenCall): void {
  if (!calls.has(one.call)) calls.set(one.call, one);
}

/** Each call once, at its first record, in order of time. */
function inOrder(hits: readonly Hit[]): readonly Placed[] {
  const first = new Map<string, Placed>();
  for (const { session, call, at } of hits) {
    if (session === null || call === null) continue;
    const known = first.get(call);
    if (known === undefined || at < known.at) first.set(call, { session, call, at });
  }
  return [...first.values()].sort((one, other) => (one.at < other.at ? -1 : 1));
}
