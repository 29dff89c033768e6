import { millisOf } from "@custody/model";
import { contextLimits } from "../limits.ts";

/** One event of a numbered source: all records of one event share its number and its time. */
export interface NumberedEvent {
  readonly seq: number;
  readonly ts: string;
  /** When the first record of it was received. */
  readonly rx: string;
}

/** Numbers of one process that are missing, both ends included. */
export interface Hole {
  readonly from: number;
  readonly to: number;
  /** Empty for the source's first process, else the time at which the process was first heard in this source. */
  readonly run: string;
  /** When a higher number was first received: since then the hole is known. */
  readonly knownSince: string;
  /** The source's time of the event behind it. */
  readonly seenAt: string;
}

/** Whether a process that speaks under another name of the same sender said number `seq` last, at that time or before. */
export type SaidElsewhere = (seq: number, before: string) => boolean;

interface Run {
  readonly start: string;
  readonly events: Map<number, NumberedEvent>;
  last: number;
  lastTs: string;
  /** Its first number follows one that was said under another name. */
  readonly follows: boolean;
}

/**
 * Holes in a source's own numbering (compliance 7, C1). Processes begin again at 0 under one name, take turns, and go on counting when they change
 * to another name (Claude Code does on `--resume`), so numbers are first dealt out to the processes that can have said them. Depends on the set of
 * events alone. `tangled`: more processes than are told apart, and what is beyond them was not judged.
 */
export function holesIn(
  events: readonly NumberedEvent[],
  saidElsewhere: SaidElsewhere,
): { readonly holes: readonly Hole[]; readonly tangled: boolean } {
  const { runs, tangled } = runsOf(events, saidElsewhere);
  const holes = runs.flatMap((run, at) => holesOf(run, at === 0 ? "" : run.start));
  return { holes: holes.slice(0, contextLimits.holesMax), tangled };
}

/** Whether any process of these said `seq` last, at that time or before: what another source may go on from. */
export function endsWith(events: readonly NumberedEvent[], seq: number, before: string): boolean {
  const { runs } = runsOf(events, () => true);
  return runs.some(({ last, lastTs }) => last === seq && lastTs <= before);
}

function runsOf(
  events: readonly NumberedEvent[],
  saidElsewhere: SaidElsewhere,
): { readonly runs: readonly Run[]; readonly tangled: boolean } {
  const runs: Run[] = [];
  let tangled = false;
  for (const event of inOrder(events)) {
    const run = runFor(event, runs, saidElsewhere);
    if (run !== undefined) put(run, event);
    else if (runs.length < contextLimits.runsMax) runs.push(begin(event, saidElsewhere));
    else tangled = true;
  }
  return { runs, tangled };
}

/** The process that said it, best reason first: it said the number before; it lacks it, and clocks differ so much; it is the closest behind. */
function runFor(
  { seq, ts }: NumberedEvent,
  runs: readonly Run[],
  saidElsewhere: SaidElsewhere,
): Run | undefined {
  if (seq === 0) return undefined;
  const next = runs.filter(({ last }) => last === seq - 1).at(-1);
  if (next !== undefined) return next;
  const lacking = runs.find(
    ({ last, lastTs, events }) =>
      seq < last && !events.has(seq) && apart(ts, lastTs) <= contextLimits.joinSkewMs,
  );
  if (lacking !== undefined) return lacking;
  if (saidElsewhere(seq - 1, ts)) return undefined;
  const behind = runs.filter(({ last }) => last < seq);
  return behind.sort((left, right) => left.last - right.last).at(-1);
}

function begin(event: NumberedEvent, saidElsewhere: SaidElsewhere): Run {
  const { seq, ts } = event;
  const follows = seq > 0 && saidElsewhere(seq - 1, ts);
  return { start: ts, events: new Map([[seq, event]]), last: seq, lastTs: ts, follows };
}

function put(run: Run, event: NumberedEvent): void {
  const { seq, ts } = event;
  run.events.set(seq, event);
  run.last = Math.max(run.last, seq);
  run.lastTs = ts;
}

function holesOf(run: Run, label: string): readonly Hole[] {
  const said = [...run.events.keys()].sort((left, right) => left - right);
  const known = knownSince(run, said);
  return said.flatMap((number, at) => {
    const before = at === 0 ? (run.follows ? number - 1 : -1) : (said[at - 1] ?? -1);
    if (before >= number - 1) return [];
    const seenAt = run.events.get(number)?.ts ?? run.start;
    const numbers = { from: before + 1, to: number - 1 };
    return [{ ...numbers, run: label, knownSince: known[at] ?? "", seenAt }];
  });
}

/** For each number, when it or a higher one of its process was first received. */
function knownSince(run: Run, numbers: readonly number[]): readonly string[] {
  const known: string[] = [];
  let earliest: string | undefined;
  for (const number of [...numbers].reverse()) {
    const rx = run.events.get(number)?.rx ?? "";
    earliest = earliest === undefined || rx < earliest ? rx : earliest;
    known.push(earliest);
  }
  return known.reverse();
}

function inOrder(events: readonly NumberedEvent[]): readonly NumberedEvent[] {
  const distinct = new Map<string, NumberedEvent>();
  for (const event of events) {
    const key = `${event.seq} ${event.ts}`;
    const known = distinct.get(key);
    if (known === undefined || event.rx < known.rx) distinct.set(key, event);
  }
  return [...distinct.values()].sort((left, right) =>
    left.ts === right.ts ? left.seq - right.seq : left.ts < right.ts ? -1 : 1,
  );
}

function apart(one: string, other: string): number {
  return Math.abs(millisOf(one) - millisOf(other));
}
