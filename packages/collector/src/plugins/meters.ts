import { Counter, Gauge, Registry } from "prom-client";
import type { JobReadings } from "../jobs/jobs.ts";
import type { CollectorPorts } from "../ports.ts";
import { type CountDrift, createDriftMeter } from "./drift-meter.ts";

/** Prometheus metrics of contract section 4. One registry a process; never the river's own records. */
export interface Meters {
  received(count: number): void;
  committed(count: number): void;
  duplicates(count: number): void;
  opaque(count: number): void;
  noise(count: number): void;
  readonly drift: CountDrift;
  refused(reason: string, count?: number): void;
  text(): Promise<string>;
}

/** What is read when somebody asks, and counted nowhere. */
type Readings = Pick<CollectorPorts, "lag"> &
  JobReadings & {
    readonly inFlight: () => number;
    readonly stored: () => number;
    readonly sealed: () => number;
  };

export function createMeters(ports: Readings): Meters {
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const received = counter(
    "custody_records_received_total",
    "Records offered to the ledger, duplicates included",
  );
  const committed = counter(
    "custody_records_committed_total",
    "Records journalled, fsynced and acknowledged",
  );
  const duplicates = counter(
    "custody_records_duplicate_total",
    "Records that were there already, with the same claim",
  );
  const opaque = counter(
    "custody_items_opaque_total",
    "Items no dialect claimed, kept as opaque records",
  );
  const noise = counter("custody_items_noise_total", "Items kept as compact counts by name");
  const refused = new Counter({
    name: "custody_refused_total",
    help: "Requests and records refused, by reason",
    labelNames: ["reason"],
    registers,
  });
  addGauges(registry, ports);
  addFindingGauges(registry, ports);
  return {
    received: (count) => received.inc(count),
    committed: (count) => committed.inc(count),
    duplicates: (count) => duplicates.inc(count),
    opaque: (count) => opaque.inc(count),
    noise: (count) => noise.inc(count),
    drift: createDriftMeter(registry),
    refused: (reason, count = 1) => refused.inc({ reason }, count),
    text: () => registry.metrics(),
  };
}

type MakeGauge = (name: string, help: string, read: () => number) => Gauge;

function gaugeIn(registry: Registry): MakeGauge {
  return (name, help, read) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
}

/** What the rules and the alerts come to. */
function addFindingGauges(registry: Registry, ports: JobReadings): void {
  const gauge = gaugeIn(registry);
  gauge(
    "custody_sessions_detecting",
    "Sessions that the rules are still to be asked of",
    ports.detecting,
  );
  gauge(
    "custody_detect_failures_total",
    "Looks of the rules that failed; each is made again",
    ports.detectFailures,
  );
  gauge(
    "custody_arguments_unread_total",
    "Records whose arguments nobody here may open, met by looks of the rules",
    ports.unread,
  );
  const { alerts } = ports;
  gauge("custody_alerts_pending", "Alerts that wait to be delivered", alerts.pending);
  gauge("custody_alerts_delivered_total", "Alerts that a target took", alerts.delivered);
  gauge(
    "custody_alert_failures_total",
    "Deliveries that failed; each is tried again",
    alerts.failures,
  );
  gauge("custody_alerts_given_up_total", "Alerts that no delivery succeeded for", alerts.givenUp);
}

function addGauges(registry: Registry, ports: Readings): void {
  const gauge = gaugeIn(registry);
  gauge(
    "custody_sessions_joining",
    "Sessions whose flows are still to be tied to their calls",
    ports.joining,
  );
  gauge(
    "custody_join_failures_total",
    "Looks for joins that failed; each is made again",
    ports.joinFailures,
  );
  gauge(
    "custody_sources_numbering",
    "Numbered sources still to be looked at for missing numbers, or that wait for late records",
    ports.numbering,
  );
  gauge(
    "custody_gap_failures_total",
    "Looks for missing numbers that failed; each is made again",
    ports.gapFailures,
  );
  gauge("custody_records_stored_total", "Leaves held by every target table", ports.stored);
  gauge("custody_records_sealed_total", "Leaves under a published checkpoint", ports.sealed);
  gauge(
    "custody_journal_bytes",
    "Bytes acknowledged and not yet stored",
    () => ports.lag().journalBytes,
  );
  gauge(
    "custody_store_lag_seconds",
    "Age of the oldest acknowledged record not yet stored",
    () => ports.lag().storeLagSeconds,
  );
  gauge("custody_inflight_bytes", "Bytes of requests being worked on", ports.inFlight);
}
