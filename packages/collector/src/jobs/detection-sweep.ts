import { shiftMillis } from "@custody/model";
import { sessionsHeard } from "@custody/storage/queries";
import type { CollectorPorts } from "../ports.ts";
import { sweepSince } from "./detect-mark.ts";
import type { DetectionLine } from "./detection-line.ts";
import { joinLineMax, sweepPageMax } from "./join-line.ts";

/** How often a store that other processes write to is asked what they received, and how far back. */
const othersEveryMs = 30_000;
const othersSinceMs = 120_000;

/** Puts in line what nobody told us of: what waited when a process ended, and what other processes received. */
export interface DetectionSweep {
  /** A page of what was received since the last mark. */
  unlooked(tenant: string): Promise<void>;
  /** What other processes that write to the same store received a short while ago. */
  others(tenant: string): Promise<void>;
  /** From when on the tenant is swept; undefined before it began. */
  since(tenant: string): string | undefined;
}

export function createDetectionSweep(
  ports: CollectorPorts,
  line: DetectionLine,
  sharedStore: boolean,
): DetectionSweep {
  const since = new Map<string, string>();
  const askedAt = new Map<string, number>();
  return {
    async unlooked(tenant) {
      if (line.isSwept(tenant)) return;
      const progress = (await ports.tenant(tenant)).progress();
      const after = line.sweepFrom(tenant, progress);
      if (after === undefined) return;
      const asked = { reader: ports.reader, tenant };
      const from = since.get(tenant) ?? (await sweepSince(asked, ports.clock.now()));
      since.set(tenant, from);
      const page = { since: from, after, limit: sweepPageMax };
      line.swept(tenant, await sessionsHeard(asked, page), progress.stored);
    },
    async others(tenant) {
      const now = performance.now();
      if (!sharedStore || now - (askedAt.get(tenant) ?? 0) < othersEveryMs) return;
      askedAt.set(tenant, now);
      const { committed } = (await ports.tenant(tenant)).progress();
      const from = shiftMillis(ports.clock.now(), -othersSinceMs);
      let after = "";
      for (let page = 0; page < joinLineMax / sweepPageMax; page++) {
        // Each page begins behind the one before.
        const sessions = await sessionsHeard(
          { reader: ports.reader, tenant },
          { since: from, after, limit: sweepPageMax },
        );
        for (const session of sessions) line.hold({ tenant, session, committed }, now);
        if (sessions.length < sweepPageMax) return;
        after = sessions.at(-1) ?? after;
      }
    },
    since: (tenant) => since.get(tenant),
  };
}
