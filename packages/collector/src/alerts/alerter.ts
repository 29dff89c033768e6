import type { Rule } from "@custody/detections";
import { createBeat } from "../jobs/beat.ts";
import type { AlertTarget } from "./alert.ts";
import {
  type AlertCounts,
  type AlertOptions,
  type AlertPorts,
  createAlertLine,
} from "./alert-line.ts";
import { createAlertReading } from "./alert-reading.ts";
import { createTelling } from "./alert-telling.ts";

export interface Alerter {
  /** Something was opened: it is told once so many leaves are stored. */
  opened(tenant: string, committed: number): void;
  /** Alerts that wait. */
  pending(): number;
  delivered(): number;
  /** Deliveries that failed, each tried again. */
  failures(): number;
  givenUp(): number;
  /** Each target by its name. */
  targets(): readonly ({
    readonly name: string;
    readonly pending: number;
  } & Readonly<AlertCounts>)[];
  close(): Promise<void>;
}

/**
 * Tells targets of findings, at least once each. What was told is a record of ours, so what is left to tell follows from the ledger: a kill or a restart
 * loses nothing, and the worst that happens is that a receiver hears one finding twice, under the same key.
 */
export function createAlerter(
  ports: AlertPorts,
  targets: readonly AlertTarget[],
  rules: readonly Rule[],
  { limits, sharedStore, count }: AlertOptions,
): Alerter {
  const { everyMs } = limits;
  const lines = targets.map(createAlertLine);
  const reading = createAlertReading(ports, lines, rules, { limits, sharedStore, count });
  const telling = createTelling(ports, limits);
  const beats = [
    createBeat(
      {
        name: "alerts_read",
        everyMs,
        isDue: () => lines.length > 0 && reading.isDue(),
        once: reading.all,
      },
      count,
    ),
    // Each target is told at its own pace.
    ...lines.map((line) =>
      createBeat(
        {
          name: "alerts_told",
          everyMs,
          isDue: () => line.pending.size > 0 && performance.now() >= line.notBefore,
          once: (closing) => telling(line, closing),
        },
        count,
      ),
    ),
  ];
  const sum = (member: keyof AlertCounts): number =>
    lines.reduce((total, { counts }) => total + counts[member], 0);
  return {
    opened: reading.opened,
    pending: () => lines.reduce((sum, { pending }) => sum + pending.size, 0),
    delivered: () => sum("delivered"),
    failures: () => beats.reduce((total, beat) => total + beat.failures(), sum("failures")),
    givenUp: () => sum("givenUp"),
    targets: () =>
      lines.map(({ target, pending, counts }) => ({
        name: target.name,
        pending: pending.size,
        ...counts,
      })),
    async close() {
      await Promise.all(beats.map((beat) => beat.close()));
    },
  };
}
