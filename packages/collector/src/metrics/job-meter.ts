import type { MetricRegistry } from "./metric-registry.ts";

/** The work that is done again and again behind the river. */
export type JobName = "joins" | "gaps" | "rules" | "alerts_read" | "alerts_told";

/** Told of each run that ended. */
export type CountRun = (job: JobName, outcome: "done" | "failed", durationMs: number) => void;

export function createJobMeter(registry: MetricRegistry): CountRun {
  const runs = registry.counter("custody_job_runs_total");
  const seconds = registry.histogram("custody_job_seconds");
  return (job, outcome, durationMs) => {
    runs.inc({ name: job, outcome });
    seconds.observe({ name: job }, durationMs / 1000);
  };
}
