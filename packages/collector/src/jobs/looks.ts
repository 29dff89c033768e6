import type { FindingFact, Rule } from "@custody/detections";
import { type Asked, policyRecords, sizeOfDay } from "@custody/storage/queries";
import type { CollectorPorts } from "../ports.ts";
import { lookAtDay, lookAtSessions, type Policies, type Seen, windowOfDay } from "./look.ts";
import { writeFindings } from "./write-findings.ts";

/** Told that findings were opened, once they are durable: the last of them is among so many leaves. */
export type Opened = (tenant: string, committed: number) => void;

/** What is looked at again: some sessions, or one UTC day. */
type Replayed = { readonly sessions: readonly string[] } | { readonly day: string };

interface Looked {
  readonly written: number;
  readonly read: ReadonlyMap<string, number>;
}

/** Looks, and what came of them. A look whose findings the ledger does not take rejects: it is made again. */
export interface Looks {
  policies(tenant: string): Promise<Policies>;
  /** How many records were written, and how many each session's look read. */
  sessions(tenant: string, sessions: readonly string[], policies: Policies): Promise<Looked>;
  /** The day, where anything came to it since it was last looked at. */
  day(tenant: string, day: string, policies: Policies): Promise<number>;
  replay(tenant: string, what: Replayed, dryRun: boolean): Promise<readonly FindingFact[]>;
  /** Records of arguments that could not be opened, of all looks. */
  unread(): number;
}

export function createLooks(ports: CollectorPorts, rules: readonly Rule[], opened: Opened): Looks {
  const sizes = new Map<string, number>();
  let unread = 0;
  const askedOf = (tenant: string): Asked => ({ reader: ports.reader, tenant });
  const policies = (tenant: string): Promise<Policies> => policyRecords(askedOf(tenant));
  const write = async (tenant: string, seen: readonly Seen[]): Promise<number> => {
    unread += seen.reduce((sum, one) => sum + one.unread, 0);
    const facts = seen.flatMap((one) => one.facts);
    if (facts.length === 0) return 0;
    const ledger = await ports.tenant(tenant);
    const taken = await writeFindings(ledger, seen);
    if (taken === undefined) throw new Error("the findings were not taken");
    if (facts.some(({ body }) => body.status === "open")) {
      opened(tenant, ledger.progress().committed);
    }
    return taken;
  };
  return {
    policies,
    unread: () => unread,
    async sessions(tenant, sessions, known) {
      const seen = await lookAtSessions(askedOf(tenant), sessions, rules, known);
      const written = await write(tenant, [...seen.values()]);
      return { written, read: new Map([...seen].map(([session, { read }]) => [session, read])) };
    },
    async day(tenant, day, known) {
      const key = JSON.stringify([tenant, day]);
      const size = await sizeOfDay(askedOf(tenant), windowOfDay(day));
      if (size === (sizes.get(key) ?? 0)) return 0;
      const taken = await write(tenant, [await lookAtDay(askedOf(tenant), day, rules, known)]);
      sizes.set(key, size);
      return taken;
    },
    async replay(tenant, what, dryRun) {
      const isEmpty =
        "day" in what && (await sizeOfDay(askedOf(tenant), windowOfDay(what.day))) === 0;
      if (isEmpty) return [];
      const known = await policies(tenant);
      const seen =
        "day" in what
          ? [await lookAtDay(askedOf(tenant), what.day, rules, known)]
          : [...(await lookAtSessions(askedOf(tenant), what.sessions, rules, known)).values()];
      if (!dryRun) await write(tenant, seen);
      return seen.flatMap(({ facts }) => facts);
    },
  };
}
