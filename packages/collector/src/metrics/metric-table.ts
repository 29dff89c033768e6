import { jobMetrics } from "./job-metrics.ts";
import { ledgerMetrics } from "./ledger-metrics.ts";
import { riverMetrics } from "./river-metrics.ts";

/**
 * Every metric of the process, as rows: what is served at `/metrics`, the table in the README, the dashboard and the alert rules are held to it.
 * Labels are of closed sets, of the configuration, or bounded by number (`drift-meter.ts`, `source-meter.ts`).
 */
export const metricTable: typeof riverMetrics & typeof ledgerMetrics & typeof jobMetrics = {
  ...riverMetrics,
  ...ledgerMetrics,
  ...jobMetrics,
};

export type MetricName = keyof typeof metricTable;
type MetricKind = (typeof metricTable)[MetricName]["kind"];
export type NameOf<K extends MetricKind> = {
  [Name in MetricName]: (typeof metricTable)[Name]["kind"] extends K ? Name : never;
}[MetricName];
export type LabelOf<Name extends MetricName> = (typeof metricTable)[Name]["labels"][number];
