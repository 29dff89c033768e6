import { millisOf } from "@custody/model";
import { groupBy } from "./group-by.ts";
import { compareText } from "./record-order.ts";

/** A yes of a person, with what its action came to. */
export interface PacedApproval {
  /** The subject of an authority's key, or the pseudonym that an agent gives. */
  readonly approver: string;
  readonly at: string;
  readonly tier: number;
  /** From the question to the answer, where the channel says it. */
  readonly latency_ms?: number;
}

/** How fast one person approved on one day (UTC): what a rubber stamp looks like (compliance 8.4, 9.2 D-APR-05). */
export interface ApprovalPace {
  readonly approver: string;
  readonly day: string;
  readonly approvals: number;
  /** How many say how long they took; the two figures below are of those alone. */
  readonly timed: number;
  readonly latency_median_ms: number | null;
  /** Parts of a thousand that took less than half a second. */
  readonly instant_permille: number | null;
  /** The most of tier 2 and 3 within ten minutes. */
  readonly burst_max: number;
  readonly signals: readonly ("burst" | "instant")[];
}

export const paceLimits = {
  /** Nobody reads a command and answers faster. */
  instantMs: 500,
  burstMs: 600_000,
  burstMin: 20,
  /** A median over fewer says nothing. */
  timedMin: 20,
} as const;

/** One row an approver and day, in their order. */
export function approvalPace(approvals: readonly PacedApproval[]): readonly ApprovalPace[] {
  const groups = groupBy(approvals, ({ approver, at }) =>
    JSON.stringify([approver, at.slice(0, 10)]),
  );
  return [...groups]
    .toSorted(([left], [right]) => compareText(left, right))
    .map(([key, own]) => {
      const [approver, day] = JSON.parse(key) as [string, string];
      const timed = own.flatMap(({ latency_ms: latency }) => latency ?? []).sort(ascending);
      const median = medianOf(timed);
      const instant = timed.filter((latency) => latency < paceLimits.instantMs).length;
      const burst = burstOf(own.filter(({ tier }) => tier >= 2).map(({ at }) => millisOf(at)));
      return {
        approver,
        day,
        approvals: own.length,
        timed: timed.length,
        latency_median_ms: median,
        instant_permille: timed.length === 0 ? null : Math.round((1000 * instant) / timed.length),
        burst_max: burst,
        signals: [
          ...(burst >= paceLimits.burstMin ? (["burst"] as const) : []),
          ...(timed.length >= paceLimits.timedMin &&
          median !== null &&
          median < paceLimits.instantMs
            ? (["instant"] as const)
            : []),
        ],
      };
    });
}

function ascending(left: number, right: number): number {
  return left - right;
}

/** Of an even count the lower of the two in the middle: a figure that one of them gave. */
function medianOf(sorted: readonly number[]): number | null {
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

function burstOf(times: readonly number[]): number {
  const sorted = times.toSorted(ascending);
  let [from, most] = [0, 0];
  for (const [to, time] of sorted.entries()) {
    while (time - (sorted[from] ?? time) > paceLimits.burstMs) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}
