import { timeFromText } from "@custody/model";
import { EvidenceError } from "./errors.ts";

/** Half open: `start` belongs to it, `end` does not. Times in our form. */
export interface Period {
  readonly start: string;
  readonly end: string;
}

export interface ClippedPeriod extends Period {
  /** The period asked for ends later than what was heard so far. */
  readonly interim: boolean;
}

/** A day or a time as people write it, as a time in our form. */
export function periodEdge(text: string): string {
  const time = timeFromText(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (time === undefined) throw new EvidenceError("PERIOD_RANGE", `${text} is no day and no time`);
  return time;
}

/** Nothing is claimed about time that has not passed: an end in the future becomes now, and says so. */
export function clipped(period: Period, now: string): ClippedPeriod {
  const interim = period.end > now;
  const end = interim ? now : period.end;
  if (period.start >= end) {
    throw new EvidenceError("PERIOD_RANGE", `nothing lies between ${period.start} and ${end}`);
  }
  return { start: period.start, end, interim };
}
