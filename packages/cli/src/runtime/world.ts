import { randomBytes } from "node:crypto";
import { type Clock, type Random, timeFromNanos } from "@custody/model";

/** The host's clock: wall time at start plus the monotonic clock would hide a step, so the wall clock is read each time. */
export const systemClock: Clock = {
  now: () => timeFromNanos(BigInt(Date.now()) * 1_000_000n) ?? "1970-01-01T00:00:00.000000000Z",
};

export const systemRandom: Random = { bytes: (count) => randomBytes(count) };

/** Writes one event to the operator's log: a fixed name, and fields that are counts and names, never content. */
export type Say = (event: string, fields: Readonly<Record<string, unknown>>) => void;
