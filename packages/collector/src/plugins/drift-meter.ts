import { type DriftCount, other } from "../drift-counts.ts";
import type { MetricRegistry } from "../metrics/metric-registry.ts";

/** Ways of straying that have a series of their own: an agent may send any names, and each series is kept until the process ends. */
export const driftSeriesMax = 1_000;
/** Of them, those of one credential, so that one that floods leaves room for others. */
export const driftSeriesOfSubjectMax = 200;

export type CountDrift = (subject: string, drift: readonly DriftCount[]) => void;

/** `custody_drift_total`. What finds no series left is counted by kind under `other`; the records keep the names. */
export function createDriftMeter(registry: Pick<MetricRegistry, "counter">): CountDrift {
  const counter = registry.counter("custody_drift_total");
  const series = new Set<string>();
  const opened = new Map<string, number>();
  const hasSeries = (subject: string, key: string): boolean => {
    if (series.has(key)) return true;
    const own = opened.get(subject) ?? 0;
    if (series.size >= driftSeriesMax || own >= driftSeriesOfSubjectMax) return false;
    series.add(key);
    opened.set(subject, own + 1);
    return true;
  };
  return (subject, drift) => {
    for (const row of drift) {
      const { agent, version, kind, name } = row;
      const isKept = hasSeries(subject, JSON.stringify([agent, version, kind, name]));
      const { count, ...labels } = isKept ? row : other(kind, row.count);
      counter.inc(labels, count);
    }
  };
}
