import { createHash } from "node:crypto";
import type { Rule } from "@custody/detections";
import { type AnyFact, shiftMillis } from "@custody/model";
import type { CollectorOptions, CollectorPorts } from "../ports.ts";
import { createMarks, type Marks } from "./detect-mark.ts";
import { createDetectionLine, type DetectionLine } from "./detection-line.ts";
import { createDetectionSweep, type DetectionSweep } from "./detection-sweep.ts";
import type { WaitingSession } from "./join-line.ts";
import type { Policies } from "./look.ts";
import { createLooks, type Looks, type Opened } from "./looks.ts";

/** How often the line is looked through. */
const everyMs = 500;
/** After a round nothing is looked at for as long as it took: the rules take half of one core at most. */
const restFactor = 1;
/** While the store is further behind than this the rules wait for it, */
const lagSecondsMax = 2;
/** but no longer than this. */
const waitMsMax = 60_000;
/** Sessions of one round, and of one question. */
const roundMax = 200;
const atOnce = 25;
/** How often today and yesterday are looked at, where anything came. */
const daysEveryMs = 60_000;
const dayMs = 86_400_000;

export interface Detector {
  observe(tenant: string, facts: readonly AnyFact[], committed: number): void;
  /** We wrote something of a session ourselves. */
  heard(tenant: string, session: string, committed: number): void;
  /** Looks at everything that waits, however short a time; returns how many records were written. */
  run(): Promise<number>;
  /** What looking again would write, written unless it is a dry run. */
  readonly replay: Looks["replay"];
  /** Sessions still to be looked at. */
  waiting(): number;
  /** Looks that failed since the start; each is made again. */
  failures(): number;
  unread(): number;
  close(): Promise<void>;
}

/** Looks at each session that got something, and at each day: order-free, since of two looks the one that knew more counts (`newFindings`). */
export function createDetector(
  ports: CollectorPorts,
  { rules, jobs, sharedStore }: Pick<CollectorOptions, "rules" | "jobs" | "sharedStore">,
  opened: Opened,
): Detector {
  const line = createDetectionLine();
  const looks = createLooks(ports, rules, opened);
  const sweep = createDetectionSweep(ports, line, sharedStore);
  const rounds = createRounds({ ports, line, looks, sweep, marks: createMarks(digestOf(rules)) });
  let running: Promise<number> = Promise.resolve(0);
  let [isBusy, restUntil, ranAt] = [false, 0, performance.now()];
  const run = (all: boolean): Promise<number> => {
    running = running.catch(() => 0).then(() => rounds.all(all));
    return running;
  };
  const timer = setInterval(() => {
    const began = performance.now();
    if (!jobs || isBusy || began < restUntil) return;
    // What comes in goes first.
    if (ports.lag().storeLagSeconds > lagSecondsMax && began - ranAt < waitMsMax) return;
    isBusy = true;
    void run(false).finally(() => {
      const now = performance.now();
      restUntil = now + (now - began) * restFactor;
      ranAt = now;
      isBusy = false;
    });
  }, everyMs);
  timer.unref();
  return {
    observe(tenant, facts, committed) {
      if (!jobs) return;
      const sessions = new Set(facts.flatMap(({ session }) => session ?? []));
      const now = performance.now();
      for (const session of sessions) line.hold({ tenant, session, committed }, now);
    },
    heard(tenant, session, committed) {
      if (jobs) line.hold({ tenant, session, committed }, performance.now());
    },
    run: () => run(true),
    replay: looks.replay,
    waiting: line.size,
    failures: rounds.failures,
    unread: looks.unread,
    async close() {
      clearInterval(timer);
      await running.catch(() => 0);
    },
  };
}

interface Parts {
  readonly ports: CollectorPorts;
  readonly line: DetectionLine;
  readonly looks: Looks;
  readonly sweep: DetectionSweep;
  readonly marks: Marks;
}

interface Rounds {
  /** One round of every tenant: of what is due, or of all that waits. */
  all(everything: boolean): Promise<number>;
  failures(): number;
}

function createRounds({ ports, line, looks, sweep, marks }: Parts): Rounds {
  let [failures, daysAt] = [0, Number.NEGATIVE_INFINITY];
  const lookAt = async (
    tenant: string,
    some: readonly WaitingSession[],
    policies: Policies,
  ): Promise<number> => {
    const sessions = some.map(({ session }) => session);
    try {
      const { written, read } = await looks.sessions(tenant, sessions, policies);
      const now = performance.now();
      for (const entry of some) line.done(entry, now, read.get(entry.session) ?? 0);
      marks.looked(tenant);
      return written;
    } catch {
      failures++;
      const now = performance.now();
      for (const entry of some) line.failed(entry, now);
      // One that fails alone does not keep the others from being looked at.
      if (some.length === 1) return 0;
      let written = 0;
      for (const entry of some) written += await lookAt(tenant, [entry], policies);
      return written;
    }
  };
  const round = async (tenant: string, everything: boolean, days: readonly string[]) => {
    const ledger = await ports.tenant(tenant);
    await sweep.unlooked(tenant);
    await sweep.others(tenant);
    const { stored } = ledger.progress();
    const waiting = everything ? line.entries() : line.due(performance.now());
    const readable = waiting.filter((one) => one.tenant === tenant && one.committed <= stored);
    if (readable.length === 0 && days.length === 0) return 0;
    const policies = await looks.policies(tenant);
    let written = 0;
    // One after another: the store's readers are few.
    for (let from = 0; from < Math.min(readable.length, roundMax); from += atOnce) {
      written += await lookAt(tenant, readable.slice(from, from + atOnce), policies);
    }
    for (const day of days) written += await looks.day(tenant, day, policies);
    if (sweep.isThrough(tenant)) {
      const now = performance.now();
      const waitedMs = Math.max(0, now - (line.oldest(tenant) ?? now));
      await marks.advance(tenant, ledger, ports.clock.now(), waitedMs);
    }
    return written;
  };
  return {
    failures: () => failures,
    async all(everything) {
      const now = performance.now();
      const isTime = everything || now - daysAt >= daysEveryMs;
      if (isTime) daysAt = now;
      const today = ports.clock.now();
      const days = isTime ? [shiftMillis(today, -dayMs), today].map((at) => at.slice(0, 10)) : [];
      let written = 0;
      for (const tenant of ports.tenants()) {
        try {
          written += await round(tenant, everything, days);
        } catch {
          // What was not looked at is still in line. The other tenants do not wait for it.
          failures++;
        }
      }
      return written;
    },
  };
}

/** Names the rules that are asked, whatever order they were read in. */
export function digestOf(rules: readonly Rule[]): string {
  const texts = rules.map(({ search: _, scopes: __, ...text }) => JSON.stringify(text)).sort();
  return createHash("sha256").update(texts.join("\n")).digest("hex");
}
