import { alertLimits } from "../alerts/alert-line.ts";
import { type Alerter, createAlerter } from "../alerts/alerter.ts";
import type { CountRun } from "../metrics/job-meter.ts";
import type { Observer } from "../pipeline/river.ts";
import type { CollectorOptions, CollectorPorts } from "../ports.ts";
import { createCorrelator } from "./correlate.ts";
import { createDetector, type Detector } from "./detect.ts";
import { createGapWatch } from "./gaps.ts";

/** How long a missing number is waited for, unless the operator says otherwise (compliance 7). */
const gapAfterMs = 900_000;

/** What the jobs say of themselves when somebody asks. */
export interface JobReadings {
  /** Sessions still to be looked at for joins. */
  readonly joining: () => number;
  /** Looks for joins that failed and are made again. */
  readonly joinFailures: () => number;
  /** Numbered sources still to be looked at for holes. */
  readonly numbering: () => number;
  readonly gapFailures: () => number;
  /** Sessions that the rules are still to be asked of. */
  readonly detecting: () => number;
  /** Looks of the rules that failed and are made again. */
  readonly detectFailures: () => number;
  /** Records of arguments that the rules could not read. */
  readonly unread: () => number;
  readonly alerts: Pick<Alerter, "pending" | "delivered" | "failures" | "givenUp" | "targets">;
}

/** Everything that is concluded from what was stored: links, gaps, findings. */
export interface Jobs {
  readonly observe: Observer;
  readonly correlate: () => Promise<number>;
  readonly watchGaps: () => Promise<number>;
  readonly detector: Pick<Detector, "run" | "replay">;
  readonly readings: JobReadings;
  close(): Promise<void>;
}

export function createJobs(
  ports: CollectorPorts,
  options: CollectorOptions,
  count: CountRun,
): Jobs {
  // Whoever runs the rules tells of what they find: two would tell twice.
  const { alerts, rules, sharedStore } = options;
  const told = { limits: alertLimits, sharedStore, count };
  const alerter = createAlerter(ports, options.jobs ? alerts : [], rules, told);
  const detector = createDetector(ports, options, alerter.opened, count);
  const correlator = createCorrelator(ports, detector.heard, count);
  const gaps = createGapWatch(ports, options.gapAfterMs ?? gapAfterMs, count);
  return {
    observe(tenant, facts, committed, ...more) {
      correlator.observe(tenant, facts, committed, ...more);
      gaps.observe(tenant, facts, committed);
      detector.observe(tenant, facts, committed);
    },
    correlate: () => correlator.run(),
    watchGaps: () => gaps.run(),
    detector,
    readings: {
      joining: correlator.waiting,
      joinFailures: correlator.failures,
      numbering: gaps.waiting,
      gapFailures: gaps.failures,
      detecting: detector.waiting,
      detectFailures: detector.failures,
      unread: detector.unread,
      alerts: alerter,
    },
    async close() {
      await Promise.all([correlator.close(), gaps.close()]);
      await detector.close();
      await alerter.close();
    },
  };
}
