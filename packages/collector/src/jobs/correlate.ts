import { type AnyFact, shiftMillis } from "@custody/model";
import type { CountRun } from "../metrics/job-meter.ts";
import type { CollectorPorts } from "../ports.ts";
import { createBeat } from "./beat.ts";
import { type JoinName, joinNames, joins } from "./join.ts";
import { type JoinLine, sweepPageMax, type WaitingSession } from "./join-line.ts";
import type { ActionDigest } from "./named-actions.ts";
import { createWaitingJoins, type WaitingJoins } from "./waiting-joins.ts";
import { writeLinks } from "./write-links.ts";

/** How often stored records are looked at for joins. */
const everyMs = 500;
/** How far back a sweep looks: what waited when a process ended, or found no room, is that old at most. */
const sweepMs = 604_800_000;
/** Sessions of one question. */
const askedMax = 1_000;

/** Told of every session of which a link was written: what it holds has changed. */
export type Linked = (tenant: string, session: string, committed: number) => void;

export interface Correlator {
  observe(
    tenant: string,
    facts: readonly AnyFact[],
    committed: number,
    digests?: readonly ActionDigest[],
  ): void;
  /** Runs once over the sessions whose records are stored by now; returns how many links were written. */
  run(): Promise<number>;
  /** Sessions still to be looked at. */
  waiting(): number;
  /** Looks that failed since the start; each is made again. */
  failures(): number;
  close(): Promise<void>;
}

/**
 * Looks again at each session that got something to join. Order-free: looking twice, late, or in another order converges, since a link's id is
 * made of what it was concluded from (design 3). What waits is held in memory alone, so each tenant is swept once after a start: a kill
 * takes no join with it.
 */
export function createCorrelator(
  ports: CollectorPorts,
  linked: Linked,
  count: CountRun,
): Correlator {
  const waiting = createWaitingJoins();
  let failures = 0;
  const once = async (closing: AbortSignal): Promise<number> => {
    let written = 0;
    for (const name of joinNames) {
      if (closing.aborted) break;
      try {
        // One kind after another: each builds on what the one before it has stored.
        await sweep(ports, name, waiting);
        const round = await lookAll({ ports, waiting, linked, closing }, name);
        written += round.written;
        failures += round.failures;
      } catch {
        // What was not looked at is still in line. The other kinds do not wait for it.
        failures++;
      }
    }
    return written;
  };
  const isDue = (): boolean =>
    waiting.size() > 0 ||
    ports
      .tenants()
      .some((tenant) => joinNames.some((name) => !waiting.lines[name].isSwept(tenant)));
  const beat = createBeat({ name: "joins", everyMs, isDue, once }, count);
  return {
    observe: waiting.observe,
    run: beat.run,
    waiting: waiting.size,
    failures: () => failures + beat.failures(),
    close: beat.close,
  };
}

/** Puts a page of each tenant's sessions in line. */
async function sweep(ports: CollectorPorts, name: JoinName, waiting: WaitingJoins): Promise<void> {
  for (const tenant of ports.tenants()) {
    const line = waiting.lines[name];
    if (line.isSwept(tenant)) continue;
    const progress = (await ports.tenant(tenant)).progress();
    const after = line.sweepFrom(tenant, progress);
    if (after === undefined) continue;
    const since = shiftMillis(ports.clock.now(), -sweepMs);
    const asked = { reader: ports.reader, tenant };
    const page = { since, after, limit: sweepPageMax };
    waiting.swept(name, tenant, await joins[name].sweep(asked, page), progress.stored);
  }
}

interface Work {
  readonly ports: CollectorPorts;
  readonly waiting: WaitingJoins;
  readonly linked: Linked;
  readonly closing: AbortSignal;
}

interface Round {
  readonly written: number;
  readonly failures: number;
}

async function lookAll({ ports, waiting, linked, closing }: Work, name: JoinName): Promise<Round> {
  const line = waiting.lines[name];
  let [written, failures] = [0, 0];
  for (const [tenant, entries] of await due(ports, line)) {
    const asked = { reader: ports.reader, tenant };
    const ledger = await ports.tenant(tenant);
    for (const some of chunks(entries)) {
      // Most sessions have nothing to join: one question for all of them, where reading each took a tenth of all processor time (measured).
      const sessions = some.map(({ session }) => session);
      const joinable = await joins[name].joinable(asked, sessions);
      for (const entry of some) {
        if (closing.aborted) return { written, failures };
        // One session after another: the store's readers are few, and a join is small.
        const links = joinable.has(entry.session)
          ? await joins[name].look(asked, entry.session)
          : [];
        const taken = await writeLinks(ledger, links);
        if (taken === undefined) {
          failures++;
          continue;
        }
        written += taken;
        line.done(entry);
        const { committed } = ledger.progress();
        for (const { session, call } of links) {
          waiting.follow(name, { tenant, session, call, committed });
          linked(tenant, session, committed);
        }
        if (links.length > 0) linked(tenant, entry.session, committed);
      }
    }
  }
  return { written, failures };
}

function* chunks(entries: readonly WaitingSession[]): Generator<readonly WaitingSession[]> {
  for (let from = 0; from < entries.length; from += askedMax) {
    yield entries.slice(from, from + askedMax);
  }
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
