import type { HrTime } from "@opentelemetry/api";
import { limits } from "./limits.ts";

/** Wall time with sub-millisecond steps. Never runs backwards within a process unless the wall clock does. */
export type Clock = () => HrTime;

export function createClock(
  wallMs: () => number = Date.now,
  monotonicMs: () => number = () => performance.now(),
): Clock {
  let wallAnchor = wallMs();
  let monotonicAnchor = monotonicMs();
  return () => {
    let now = wallAnchor + (monotonicMs() - monotonicAnchor);
    const wall = wallMs();
    // A suspended machine stops the monotonic clock: follow the wall again once they part.
    if (Math.abs(now - wall) > limits.clockSlipMsMax) {
      wallAnchor = wall;
      monotonicAnchor = monotonicMs();
      now = wall;
    }
    const seconds = Math.trunc(now / 1_000);
    return [seconds, Math.round((now - seconds * 1_000) * 1e6)];
  };
}

/** Seconds between two times of the same clock. */
export function secondsBetween(start: HrTime, end: HrTime): number {
  return end[0] - start[0] + (end[1] - start[1]) / 1e9;
}
