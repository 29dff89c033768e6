import type { AnyFact } from "@custody/model";
import { sessionsWithEgress } from "@custody/storage/queries";
import type { CollectorPorts } from "../ports.ts";
import { linkSession } from "./link-session.ts";

/** How often stored records are looked at for joins. */
const everyMs = 500;
/** Sessions waiting to be looked at; beyond it the oldest is looked at first and the new one waits for its next record. */
const sessionsMax = 10_000;

const joining: ReadonlySet<string> = new Set(["egress", "tool_call", "decision"]);

export interface Correlator {
  observe(tenant: string, facts: readonly AnyFact[], committed: number): void;
  /** Runs once over the sessions whose records are stored by now; returns how many links were written. */
  run(): Promise<number>;
  close(): Promise<void>;
}

interface Waiting {
  readonly tenant: string;
  readonly session: string;
  readonly committed: number;
}

/**
 * Looks again at each session that got an egress or a call, once its records can be read. Order-free: looking twice, late, or in
 * another order converges, since a link's id is made of what it was concluded from (design 3).
 */
export function createCorrelator(ports: CollectorPorts): Correlator {
  const waiting = new Map<string, Waiting>();
  let running: Promise<number> = Promise.resolve(0);

  /** Sessions whose records can be read by now, by tenant. */
  const due = async (): Promise<ReadonlyMap<string, readonly (readonly [string, Waiting])[]>> => {
    const byTenant = new Map<string, (readonly [string, Waiting])[]>();
    for (const entry of waiting) {
      const [, { tenant, committed }] = entry;
      const ledger = await ports.tenant(tenant);
      if (ledger.progress().stored < committed) continue;
      const known = byTenant.get(tenant);
      if (known === undefined) byTenant.set(tenant, [entry]);
      else known.push(entry);
    }
    return byTenant;
  };

  const once = async (): Promise<number> => {
    let written = 0;
    for (const [tenant, entries] of await due()) {
      const ledger = await ports.tenant(tenant);
      // Most sessions have calls and no flow: one question for all of them, where reading each took a tenth of all processor time (measured).
      const sessions = entries.map(([, { session }]) => session);
      const joinable = await sessionsWithEgress({ reader: ports.reader, tenant }, sessions);
      for (const [key, entry] of entries) {
        // A session that got another record meanwhile is looked at again.
        if (waiting.get(key) === entry) waiting.delete(key);
        // One session after another: the store's readers are few, and a join is small.
        if (joinable.has(entry.session)) {
          written += await linkSession(ports, ledger, tenant, entry.session);
        }
      }
    }
    return written;
  };
  const run = (): Promise<number> => {
    running = running.catch(() => 0).then(once);
    return running;
  };
  const timer = setInterval(() => {
    if (waiting.size > 0) run().catch(() => undefined);
  }, everyMs);
  timer.unref();

  return {
    observe(tenant, facts, committed) {
      for (const fact of facts) {
        if (fact.session === undefined || !joining.has(fact.class)) continue;
        const key = JSON.stringify([tenant, fact.session]);
        if (waiting.size < sessionsMax || waiting.has(key)) {
          waiting.set(key, { tenant, session: fact.session, committed });
        }
      }
    },
    run,
    async close() {
      clearInterval(timer);
      await running.catch(() => 0);
    },
  };
}
