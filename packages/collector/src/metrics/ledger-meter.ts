import type { LedgerReading, SelfReadings } from "../ports.ts";
import type { MetricRegistry } from "./metric-registry.ts";
import type { NameOf } from "./metric-table.ts";

const gauges: Readonly<Partial<Record<NameOf<"gauge">, Exclude<keyof LedgerReading, "states">>>> = {
  custody_commit_queue_bytes: "queueBytes",
  custody_commit_queue_limit_bytes: "queueBytesMax",
  custody_journal_files: "journalFiles",
  custody_journal_held_bytes: "heldBytes",
  custody_journal_limit_bytes: "journalBytesMax",
  custody_journal_fill_ratio: "fillRatio",
  custody_journal_full_seconds: "fullInSeconds",
  custody_disk_free_bytes: "diskFreeBytes",
  custody_disk_full_seconds: "diskFullInSeconds",
  custody_publish_lag_seconds: "publishLagSeconds",
  custody_seal_age_seconds: "sealAgeSeconds",
};

/** How the ledgers of the process are, and what got through their stages. */
export function addLedgerMetrics(registry: MetricRegistry, self: SelfReadings): void {
  for (const [name, member] of Object.entries(gauges)) {
    registry.read(name as NameOf<"gauge">, () => self.ledgers()[member]);
  }
  registry.readEach("custody_ledgers", () =>
    Object.entries(self.ledgers().states).map(([state, value]) => ({ labels: { state }, value })),
  );
  const events = registry.counter("custody_ledger_events_total");
  self.onLedgerEvent(({ name }) => events.inc({ event: name }));
  const leaves = registry.counter("custody_stage_leaves_total");
  const bytes = registry.counter("custody_stage_bytes_total");
  const seconds = registry.histogram("custody_stage_seconds");
  const queryable = registry.histogram("custody_queryable_seconds");
  self.onStage(({ stage, from, to, bytes: size, durationMs, waitedMs }) => {
    leaves.inc({ stage }, to - from);
    bytes.inc({ stage }, size);
    seconds.observe({ stage }, durationMs / 1000);
    if (stage === "stored") for (const ms of waitedMs) queryable.observe(ms / 1000);
  });
}
