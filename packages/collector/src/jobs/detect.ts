import { createHash } from "node:crypto";
import type { Rule } from "@custody/detections";
import type { AnyFact } from "@custody/model";
import type { CountRun } from "../metrics/job-meter.ts";
import type { CollectorOptions, CollectorPorts } from "../ports.ts";
import { createBeat } from "./beat.ts";
import { createMarks } from "./detect-mark.ts";
import { createRounds } from "./detect-rounds.ts";
import { createDetectionLine } from "./detection-line.ts";
import { createDetectionSweep } from "./detection-sweep.ts";
import { createLooks, type Looks, type Opened } from "./looks.ts";

/** How often the line is looked through. */
const everyMs = 500;
/** After a round nothing is looked at for as long as it took: the rules take half of one core at most. */
const restFactor = 1;
/** While the store is further behind than this the rules wait for it, */
const lagSecondsMax = 2;
/** but no longer than this. */
const waitMsMax = 60_000;

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
  count: CountRun,
): Detector {
  const line = createDetectionLine();
  const looks = createLooks(ports, rules, opened);
  const sweep = createDetectionSweep(ports, line, sharedStore);
  const marks = createMarks(digestOf(rules), sharedStore);
  const rounds = createRounds({ ports, line, looks, sweep, marks });
  let [restUntil, ranAt] = [0, performance.now()];
  const isDue = (): boolean => {
    const now = performance.now();
    if (!jobs || now < restUntil) return false;
    // What comes in goes first.
    return ports.lag().storeLagSeconds <= lagSecondsMax || now - ranAt >= waitMsMax;
  };
  const once = async (closing: AbortSignal, isAsked: boolean): Promise<number> => {
    const began = performance.now();
    const written = await rounds.all(closing, isAsked);
    ranAt = performance.now();
    restUntil = ranAt + (ranAt - began) * restFactor;
    return written;
  };
  const beat = createBeat({ name: "rules", everyMs, isDue, once }, count);
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
    run: beat.run,
    replay: looks.replay,
    waiting: line.size,
    failures: () => rounds.failures() + beat.failures(),
    unread: looks.unread,
    close: beat.close,
  };
}

/** Names the rules that are asked, whatever order they were read in. */
export function digestOf(rules: readonly Rule[]): string {
  const texts = rules.map(({ search: _, scopes: __, ...text }) => JSON.stringify(text)).sort();
  return createHash("sha256").update(texts.join("\n")).digest("hex");
}
