export type { AlertTarget, Severity } from "./alerts/alert.ts";
export { type Collector, createCollector } from "./app.ts";
export { dayEvidence, isPersonsYes } from "./detect/day-evidence.ts";
export {
  type HeardSession,
  type LookedAt,
  sessionEvidence,
} from "./detect/session-evidence.ts";
export type { ArgumentsOf } from "./detect/written-files.ts";
export { Refusal, type RefusalCode, refusals } from "./errors.ts";
export { digestOf } from "./jobs/detect.ts";
export { type MetricName, metricTable } from "./metrics/metric-table.ts";
export { type NamedFact, normalise } from "./pipeline/normalise.ts";
export { type StampPorts, stamp } from "./pipeline/stamp.ts";
export { createTenantDigest, type TenantDigest } from "./pipeline/tenant-digest.ts";
export type {
  CollectorOptions,
  CollectorPorts,
  LedgerReading,
  SelfReadings,
  TenantLedger,
} from "./ports.ts";
export type { SelfTraces } from "./traces/self-traces-port.ts";
