import { shiftMillis } from "@custody/model";
import type { FindingView } from "../contract/finding.ts";

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** How long a finding may wait (compliance 9): hours by the clock, or days from Monday to Friday, UTC. */
const waits: Readonly<
  Record<FindingView["severity"], { readonly hours: number } | { readonly businessDays: number }>
> = {
  critical: { hours: 4 },
  high: { businessDays: 1 },
  medium: { businessDays: 5 },
  low: { businessDays: 20 },
};

/** By when somebody has to have dealt with what was found at a moment. */
export function dueOf(severity: FindingView["severity"], foundAt: string): string {
  const wait = waits[severity];
  if ("hours" in wait) return shiftMillis(foundAt, wait.hours * hourMs);
  let due = foundAt;
  for (let left = wait.businessDays; left > 0; ) {
    due = shiftMillis(due, dayMs);
    const day = new Date(due).getUTCDay();
    if (day !== 0 && day !== 6) left--;
  }
  return due;
}
