import { type AnyFact, shiftMillis } from "@custody/model";
import { sessionsWithEgress, sessionsWithLateEgress } from "@custody/storage/queries";
import type { CollectorPorts } from "../ports.ts";
import { createJoinLine, type JoinLine, sweepPageMax, type WaitingSession } from "./join-line.ts";
import { linkSession } from "./link-session.ts";

/** How often stored records are looked at for joins. */
const everyMs = 500;
/** How far back a sweep looks for flows: what waited when a process ended, or found no room, is that old at most. */
const sweepMs = 604_800_000;

const joining: ReadonlySet<string> = new Set(["egress", "tool_call", "decision"]);

export interface Correlator {
  observe(tenant: string, facts: readonly AnyFact[], committed: number): void;
  /** Runs once over the sessions whose records are stored by now; returns how many links were written. */
  run(): Promise<number>;
  /** Sessions still to be looked at. */
  waiting(): number;
  /** Looks that failed since the start; each is made again. */
  failures(): number;
  close(): Promise<void>;
}

/**
 * Looks again at each session that got an egress or a call, once its records can be read. Order-free: looking twice, late, or in
 * another order converges, since a link's id is made of what it was concluded from (design 3). What waits is held in memory alone, so
 * each tenant is swept once after a start: a kill takes no join with it.
 */
export function createCorrelator(ports: CollectorPorts): Correlator {
  const line = createJoinLine();
  let failures = 0;
  let running: Promise<number> = Promise.resolve(0);

  /** Puts a page of a tenant's sessions with a recent flow in line. Waits until what was journalled is stored. */
  const sweep = async (tenant: string): Promise<void> => {
    const after = line.sweepFrom(tenant);
    if (after === undefined) return;
    const { committed, stored } = (await ports.tenant(tenant)).progress();
    if (stored < committed) return;
    const since = shiftMillis(ports.clock.now(), -sweepMs);
    const asked = { reader: ports.reader, tenant };
    const page = { since, after, limit: sweepPageMax };
    line.swept(tenant, await sessionsWithLateEgress(asked, page), committed);
  };

  const once = async (): Promise<number> => {
    let written = 0;
    for (const tenant of ports.tenants()) await sweep(tenant);
    for (const [tenant, entries] of await due(ports, line)) {
      const ledger = await ports.tenant(tenant);
      // Most sessions have calls and no flow: one question for all of them, where reading each took a tenth of all processor time (measured).
      const sessions = entries.map(({ session }) => session);
      const joinable = await sessionsWithEgress({ reader: ports.reader, tenant }, sessions);
      for (const entry of entries) {
        // One session after another: the store's readers are few, and a join is small.
        const links = joinable.has(entry.session)
          ? await linkSession(ports, ledger, tenant, entry.session)
          : 0;
        if (links === undefined) {
          failures++;
          continue;
        }
        written += links;
        line.done(entry);
      }
    }
    return written;
  };
  const run = (): Promise<number> => {
    running = running.catch(() => 0).then(once);
    return running;
  };
  const timer = setInterval(() => {
    if (
      line.size() === 0 &&
      ports.tenants().every((tenant) => line.sweepFrom(tenant) === undefined)
    )
      return;
    run().catch(() => {
      // What was not joined is still in line.
      failures++;
    });
  }, everyMs);
  timer.unref();

  return {
    observe(tenant, facts, committed) {
      for (const fact of facts) {
        if (fact.session === undefined || !joining.has(fact.class)) continue;
        line.hold({ tenant, session: fact.session, committed });
      }
    },
    run,
    waiting: () => line.size(),
    failures: () => failures,
    async close() {
      clearInterval(timer);
      await running.catch(() => 0);
    },
  };
}

/** Sessions whose records can be read by now, by tenant. */
async function due(
  ports: CollectorPorts,
  line: JoinLine,
): Promise<ReadonlyMap<string, readonly WaitingSession[]>> {
  const byTenant = new Map<string, WaitingSession[]>();
  for (const entry of line.entries()) {
    const ledger = await ports.tenant(entry.tenant);
    if (ledger.progress().stored < entry.committed) continue;
    const known = byTenant.get(entry.tenant);
    if (known === undefined) byTenant.set(entry.tenant, [entry]);
    else known.push(entry);
  }
  return byTenant;
}
