import { shiftMillis } from "@custody/model";
import type { CollectorPorts } from "../ports.ts";
import type { Marks } from "./detect-mark.ts";
import type { DetectionLine } from "./detection-line.ts";
import type { DetectionSweep } from "./detection-sweep.ts";
import type { WaitingSession } from "./join-line.ts";
import type { Policies } from "./look.ts";
import type { Looks } from "./looks.ts";

/** Sessions of one round, and of one question. */
const roundMax = 200;
const atOnce = 25;
/** How often today and yesterday are looked at, where anything came. */
const daysEveryMs = 60_000;
const dayMs = 86_400_000;

export interface RoundParts {
  readonly ports: CollectorPorts;
  readonly line: DetectionLine;
  readonly looks: Looks;
  readonly sweep: DetectionSweep;
  readonly marks: Marks;
}

export interface Rounds {
  /** One round of every tenant: of what is due, or of all that waits. Between two looks it ends where `closing` is aborted. */
  all(closing: AbortSignal, everything: boolean): Promise<number>;
  failures(): number;
}

interface Round {
  readonly closing: AbortSignal;
  /** All that waits, however short a time. */
  readonly everything: boolean;
  readonly withDays: boolean;
  /** What the clock says as it begins. */
  readonly now: string;
}

export function createRounds(parts: RoundParts): Rounds {
  const { ports, line, looks, sweep, marks } = parts;
  let [failures, daysAt] = [0, Number.NEGATIVE_INFINITY];
  const failed = (): void => void failures++;
  const lookAtDays = createDayRounds(parts);
  const round = async (tenant: string, of: Round): Promise<number> => {
    const ledger = await ports.tenant(tenant);
    await sweep.unlooked(tenant);
    await sweep.others(tenant);
    const { stored } = ledger.progress();
    const waiting = of.everything ? line.entries() : line.due(performance.now());
    const readable = waiting.filter((one) => one.tenant === tenant && one.committed <= stored);
    if (readable.length === 0 && !of.withDays) return 0;
    const policies = await looks.policies(tenant);
    let written = 0;
    // One after another: the store's readers are few.
    for (let from = 0; from < Math.min(readable.length, roundMax); from += atOnce) {
      if (of.closing.aborted) return written;
      const some = readable.slice(from, from + atOnce);
      written += await lookAt(parts, failed, tenant, some, policies);
    }
    if (of.withDays) written += await lookAtDays(tenant, policies, of);
    if (line.isSwept(tenant)) {
      const now = performance.now();
      const waitedMs = Math.max(0, now - (line.oldest(tenant) ?? now));
      await marks.advance(tenant, ledger, ports.clock.now(), waitedMs);
    }
    return written;
  };
  return {
    failures: () => failures,
    async all(closing, everything) {
      const at = performance.now();
      const withDays = everything || at - daysAt >= daysEveryMs;
      if (withDays) daysAt = at;
      const of: Round = { closing, everything, withDays, now: ports.clock.now() };
      let written = 0;
      for (const tenant of ports.tenants()) {
        if (closing.aborted) break;
        try {
          written += await round(tenant, of);
        } catch {
          // What was not looked at is still in line. The other tenants do not wait for it.
          failed();
        }
      }
      return written;
    },
  };
}

async function lookAt(
  parts: RoundParts,
  failed: () => void,
  tenant: string,
  some: readonly WaitingSession[],
  policies: Policies,
): Promise<number> {
  const { line, looks, marks } = parts;
  const sessions = some.map(({ session }) => session);
  try {
    const { written, read } = await looks.sessions(tenant, sessions, policies);
    const now = performance.now();
    for (const entry of some) line.done(entry, now, read.get(entry.session) ?? 0);
    marks.looked(tenant);
    return written;
  } catch {
    failed();
    const now = performance.now();
    for (const entry of some) line.failed(entry, now);
    // One that fails alone does not keep the others from being looked at.
    if (some.length === 1) return 0;
    let written = 0;
    for (const entry of some) written += await lookAt(parts, failed, tenant, [entry], policies);
    return written;
  }
}

/** Looks at today and yesterday, and the first time at every day since the last mark: nobody may have run since. */
function createDayRounds({ looks, sweep }: RoundParts) {
  const caughtUp = new Set<string>();
  return async (tenant: string, policies: Policies, { now, closing }: Round): Promise<number> => {
    const since = caughtUp.has(tenant) ? undefined : sweep.since(tenant);
    let written = 0;
    for (const day of daysUntil(now, since ?? now)) {
      if (closing.aborted) return written;
      // One after another: each is read whole.
      written += await looks.day(tenant, day, policies);
    }
    if (since !== undefined) caughtUp.add(tenant);
    return written;
  };
}

/** The UTC days since a moment, yesterday and today always among them. */
export function daysUntil(now: string, since: string): readonly string[] {
  const yesterday = shiftMillis(now, -dayMs);
  const days: string[] = [];
  let at = since < yesterday ? since : yesterday;
  for (; at.slice(0, 10) <= now.slice(0, 10); at = shiftMillis(at, dayMs)) {
    days.push(at.slice(0, 10));
  }
  return days;
}
