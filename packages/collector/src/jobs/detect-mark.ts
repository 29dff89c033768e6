import { millisOf, timeFromMillis } from "@custody/model";
import { type Asked, lastRun } from "@custody/storage/queries";
import type { TenantLedger } from "../ports.ts";

/** How far back a start looks where no mark says that less is enough. */
const sweepMsMax = 604_800_000;
/** A mark is written at most this often: it says that everything heard before it was looked at. */
const markEveryMs = 300_000;
/** What was received this close to a mark may have been on its way, */
const ownMarginMs = 60_000;
/** and longer where another process received it. */
const othersMarginMs = 180_000;

const job = "detect";

/** From when on a start looks at sessions again: what waited when a process ended was received after the last mark. */
export async function sweepSince(asked: Asked, now: string): Promise<string> {
  const earliest = timeFromMillis(millisOf(now) - sweepMsMax);
  const run = await lastRun(asked, { job, since: earliest });
  const through = run?.body.kind === "run" ? run.body.detail["through"] : undefined;
  return typeof through === "string" && through > earliest ? through : earliest;
}

/** When a tenant's last mark was written by this process, in milliseconds of the clock. */
export interface Marks {
  /** Writes one where something was looked at since the last, that is long enough ago, and it is known how long what waits has waited. */
  advance(tenant: string, ledger: TenantLedger, now: string, waitedMs: number): Promise<void>;
  looked(tenant: string): void;
}

export function createMarks(rules: string, sharedStore: boolean): Marks {
  const marginMs = sharedStore ? othersMarginMs : ownMarginMs;
  const written = new Map<string, number>();
  const busy = new Set<string>();
  return {
    looked: (tenant) => void busy.add(tenant),
    async advance(tenant, ledger, now, waitedMs) {
      const at = millisOf(now);
      const last = written.get(tenant) ?? 0;
      // A clock that stepped back waits no longer than it would have.
      if (!busy.has(tenant) || Math.abs(at - last) < markEveryMs || waitedMs === Infinity) return;
      written.set(tenant, at);
      busy.delete(tenant);
      const through = timeFromMillis(at - waitedMs - marginMs);
      const detail = { job, through, rules };
      await ledger.committer.commit([
        ledger.record({
          class: "integrity",
          key: ["run", job, through],
          body: { kind: "run", detail },
        }),
      ]);
    },
  };
}
