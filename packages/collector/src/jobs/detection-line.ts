import { createJoinLine, type JoinLine, joinLineMax, type WaitingSession } from "./join-line.ts";

/** A session is looked at once it was quiet for this long. */
const quietMs = 1_000;
/** One that is never quiet is looked at this often. */
const delayMsMax = 15_000;
/** A session with more records than this rests after a look. */
const longRecords = 2_000;
/** For each record: a look takes about 0.2 ms a record, so that one long session takes a twentieth of the time at most. */
const restMsPerRecord = 4;

interface Times {
  /** When it got in line; of one that a sweep put there nobody knows how long it waits. */
  readonly first: number;
  /** When something last came. */
  readonly last: number;
}

/**
 * The sessions that wait for the rules. Every record of a session would call for a look at all of it: so it waits until nothing came for a while, and
 * not for ever. Times are milliseconds of any clock that does not step back.
 */
export interface DetectionLine extends Pick<JoinLine, "size" | "sweepFrom" | "swept" | "isSwept"> {
  hold(waiting: WaitingSession, now: number): void;
  /** Those that may be looked at by now. */
  due(now: number): readonly WaitingSession[];
  /** All of them, whenever they came. */
  entries(): readonly WaitingSession[];
  /** It was looked at, and so many records read; what came meanwhile keeps it in line. */
  done(waiting: WaitingSession, now: number, records: number): void;
  /** Its look failed: it is made again after a while, and it waits since it got in line. */
  failed(waiting: WaitingSession, now: number): void;
  /** When the longest waiting one of a tenant got in line; minus infinity where nobody knows, undefined where none waits. */
  oldest(tenant: string): number | undefined;
}

/** Of what a sweep put in line. */
const unknown: Times = { first: Number.NEGATIVE_INFINITY, last: Number.NEGATIVE_INFINITY };

export function createDetectionLine(): DetectionLine {
  const line = createJoinLine();
  const times = new Map<string, Times>();
  /** Sessions that were just read, and are long or failed, and until when they rest: forgotten when that has passed. */
  const rests = new Map<string, number>();
  const keyOf = ({ tenant, session }: WaitingSession): string => JSON.stringify([tenant, session]);
  const isDue = (entry: WaitingSession, now: number): boolean => {
    const key = keyOf(entry);
    if (rests.has(key)) return false;
    const { first, last } = times.get(key) ?? unknown;
    // What a sweep put in line has waited long enough.
    return now - last >= quietMs || now - first >= delayMsMax;
  };
  return {
    size: line.size,
    sweepFrom: line.sweepFrom,
    isSwept: line.isSwept,
    swept(tenant, sessions, stored) {
      line.swept(tenant, sessions, stored);
      for (const session of sessions) {
        times.set(keyOf({ tenant, session, committed: stored }), unknown);
      }
    },
    entries: line.entries,
    hold(entry, now) {
      const key = keyOf(entry);
      const first = times.get(key)?.first ?? now;
      // One that finds no room is found by the next sweep.
      if (line.size() < joinLineMax || times.has(key)) times.set(key, { first, last: now });
      line.hold(entry);
    },
    due(now) {
      for (const [key, until] of rests) if (until <= now) rests.delete(key);
      return line.entries().filter((entry) => isDue(entry, now));
    },
    done(entry, now, records) {
      const key = keyOf(entry);
      const held = line.size();
      line.done(entry);
      if (records > longRecords) rests.set(key, now + records * restMsPerRecord);
      // It was looked at as it was then: what came since waits anew.
      if (line.size() === held) times.set(key, { first: now, last: now });
      else times.delete(key);
    },
    failed(entry, now) {
      rests.set(keyOf(entry), now + quietMs);
    },
    oldest(tenant) {
      const waiting = line.entries().filter((entry) => entry.tenant === tenant);
      if (waiting.length === 0) return undefined;
      return Math.min(...waiting.map((entry) => (times.get(keyOf(entry)) ?? unknown).first));
    },
  };
}
