import type { Clock, Principal } from "@custody/model";
import type { JobReadings } from "../jobs/jobs.ts";
import { addEngineMetrics } from "../metrics/engine-meter.ts";
import { addLedgerMetrics } from "../metrics/ledger-meter.ts";
import type { MetricRegistry } from "../metrics/metric-registry.ts";
import type { NameOf } from "../metrics/metric-table.ts";
import { addProcessMetrics } from "../metrics/process-meter.ts";
import { type CountRequest, createRequestMeter } from "../metrics/request-meter.ts";
import { createSourceMeter, sourceOf } from "../metrics/source-meter.ts";
import type { CollectorPorts } from "../ports.ts";
import type { SelfTraces } from "../traces/self-traces-port.ts";
import { type CountDrift, createDriftMeter } from "./drift-meter.ts";

/** Prometheus metrics of contract section 4. Never the river's own records. */
export interface Meters {
  readonly request: CountRequest;
  received(count: number, principal: Principal): void;
  committed(count: number): void;
  duplicates(count: number): void;
  opaque(count: number): void;
  noise(count: number): void;
  readonly drift: CountDrift;
  /** `source` as the admission names it. */
  refused(reason: string, source: string, count?: number): void;
  text(): Promise<string>;
  close(): void;
}

/** What is read when somebody asks, and counted nowhere. */
interface Readings extends Pick<CollectorPorts, "lag" | "stored" | "sealed" | "self"> {
  readonly clock: Clock;
  readonly jobs: JobReadings;
  readonly inFlight: () => number;
  readonly inFlightMax: number;
  readonly traces: SelfTraces | undefined;
}

export function createMeters(registry: MetricRegistry, readings: Readings): Meters {
  const received = registry.counter("custody_records_received_total");
  const committed = registry.counter("custody_records_committed_total");
  const duplicates = registry.counter("custody_records_duplicate_total");
  const opaque = registry.counter("custody_items_opaque_total");
  const noise = registry.counter("custody_items_noise_total");
  const refused = registry.counter("custody_refused_total");
  const sources = createSourceMeter(registry, readings.clock);
  addReadings(registry, readings);
  addAlertReadings(registry, readings.jobs);
  const { self } = readings;
  if (self !== undefined) addLedgerMetrics(registry, self);
  const engine = self === undefined ? undefined : addEngineMetrics(registry, self.engine);
  const close = addProcessMetrics(registry);
  return {
    request: createRequestMeter(registry, readings.traces),
    received(count, principal) {
      received.inc(count);
      sources.received(sourceOf(principal), count);
    },
    committed: (count) => committed.inc(count),
    duplicates: (count) => duplicates.inc(count),
    opaque: (count) => opaque.inc(count),
    noise: (count) => noise.inc(count),
    drift: createDriftMeter(registry),
    refused(reason, source, count = 1) {
      if (count === 0) return;
      refused.inc({ reason }, count);
      sources.refused(source, reason, count);
    },
    async text() {
      await engine?.refresh();
      return registry.text();
    },
    close,
  };
}

function addReadings(registry: MetricRegistry, readings: Readings): void {
  const { jobs, lag } = readings;
  const reads: Partial<Record<NameOf<"counter" | "gauge">, () => number>> = {
    custody_inflight_bytes: readings.inFlight,
    custody_inflight_limit_bytes: () => readings.inFlightMax,
    custody_records_stored_total: readings.stored,
    custody_records_sealed_total: readings.sealed,
    custody_journal_bytes: () => lag().journalBytes,
    custody_store_lag_seconds: () => lag().storeLagSeconds,
    custody_sessions_joining: jobs.joining,
    custody_join_failures_total: jobs.joinFailures,
    custody_sources_numbering: jobs.numbering,
    custody_gap_failures_total: jobs.gapFailures,
    custody_sessions_detecting: jobs.detecting,
    custody_detect_failures_total: jobs.detectFailures,
    custody_arguments_unread_total: jobs.unread,
  };
  for (const [name, read] of Object.entries(reads)) {
    registry.read(name as NameOf<"counter" | "gauge">, read);
  }
}

const perTarget = {
  custody_alerts_pending: "pending",
  custody_alerts_delivered_total: "delivered",
  custody_alert_failures_total: "failures",
  custody_alerts_given_up_total: "givenUp",
} as const;

/** Each target by its name in the configuration. */
function addAlertReadings(registry: MetricRegistry, { alerts }: JobReadings): void {
  for (const [name, member] of Object.entries(perTarget)) {
    registry.readEach(name as keyof typeof perTarget, () =>
      alerts.targets().map((one) => ({ labels: { target: one.name }, value: one[member] })),
    );
  }
}
