import type { Collector } from "@custody/collector";
import type { JournalStatus } from "@custody/ledger";
import { openLedgerReader } from "@custody/ledger/reader";
import type { ApiPorts, KeyOffice, LedgerShelf, ServerStatus } from "@custody/query-api";
import { takeSnapshot } from "../backup/snapshot.ts";
import { checkFolder } from "./check-folder.ts";
import { createExportDesk } from "./export-desk.ts";
import { findingDeskOf } from "./finding-desk.ts";
import { fillingJournal } from "./journal-room.ts";
import type { Runtime } from "./runtime.ts";
import { productVersion } from "./version.ts";
import { systemClock } from "./world.ts";

/** What the query API needs of a runtime. */
export function apiPortsOf(runtime: Runtime, collector: Collector): ApiPorts {
  const { store, ledgers, data } = runtime;
  return {
    clock: systemClock,
    reader: store.reader,
    keys: keyOfficeOf(runtime),
    ledgers: ledgerShelfOf(data),
    exports: createExportDesk(runtime),
    findings: findingDeskOf(runtime, collector),
    async commitAccess(tenant, body, subject) {
      const ledger = await ledgers.get(tenant);
      const at = systemClock.now();
      const record = ledger.record({
        class: "access",
        key: ["access", subject, at, body.object, String(accessCount++)],
        body,
        actor: { id: subject, type: "human" },
      });
      return (await ledger.commit([record])).outcome === "committed";
    },
    fsck: (tenant) => checkedFolder(runtime, tenant),
    snapshot: () => takeSnapshot(data, store, ledgers.list()),
    status: () => statusOf(runtime, collector),
  };
}

/** Checks the folder, and records that it was checked: a log whose last check is long past is looked at by nobody. */
async function checkedFolder({ data, store, ledgers }: Runtime, tenant: string) {
  const report = await checkFolder(data, store, tenant);
  const findings = report.findings.length + report.omitted;
  const result = findings === 0 ? "clean" : "not_clean";
  const detail = { check: "fsck", result, findings, leaves: report.leaves, rows: report.rows };
  const ledger = await ledgers.get(tenant);
  const at = systemClock.now();
  const body = { kind: "verify" as const, detail };
  await ledger.commit([ledger.record({ class: "integrity", key: ["fsck", at], ts: at, body })]);
  return report;
}

function statusOf(
  { data, config, ledgers, readiness, rules, alerts }: Runtime,
  { jobs }: Collector,
): ServerStatus {
  return {
    findings: {
      rules: rules.length,
      look_failures: jobs.detectFailures(),
      alert_targets: alerts.length,
      alerts_pending: jobs.alerts.pending(),
      alert_failures: jobs.alerts.failures(),
      alerts_given_up: jobs.alerts.givenUp(),
    },
    version: productVersion,
    reasons: readiness(),
    data,
    store: config.clickhouse_url === undefined ? "embedded" : "server",
    require_key: config.require_key,
    journal: journalOf(ledgers.journal()),
    ledgers: ledgers.list().map((ledger) => {
      const status = ledger.status();
      return {
        tenant: ledger.tenant,
        origin: ledger.origin,
        vkey: ledger.vkey,
        size: status.size,
        stored: status.stored,
        published: status.published?.size ?? 0,
        journal_bytes: status.journalBytes,
        store_lag_ms: Math.round(status.storeLagMs),
      };
    }),
  };
}

function journalOf(journal: JournalStatus): ServerStatus["journal"] {
  const seconds = (ms: number | undefined): number | null =>
    ms === undefined ? null : Math.round(ms / 1_000);
  return {
    bytes: journal.bytes,
    bytes_max: journal.bytesMax,
    disk_free_bytes: journal.diskFreeBytes ?? null,
    full_in_s: seconds(journal.fullInMs),
    disk_full_in_s: seconds(journal.diskFullInMs),
    warnings: fillingJournal(journal),
  };
}

/** Keeps two reads of one moment apart. */
let accessCount = 0;

function keyOfficeOf({ keys }: Runtime): KeyOffice {
  return {
    find: (key) => keys.find(key),
    async create(fresh) {
      const { entry, key } = await keys.create(fresh);
      return { id: entry.id, key };
    },
    list: (tenant) =>
      keys.list(tenant).map(({ id, subject, kind, created, revoked }) => ({
        id,
        tenant,
        subject,
        kind,
        created,
        revoked: revoked ?? null,
      })),
    async revoke(tenant, id) {
      return keys.list(tenant).some((key) => key.id === id) && keys.revoke(id);
    },
  };
}

function ledgerShelfOf(data: string): LedgerShelf {
  const reader = openLedgerReader(data);
  const owned = async (tenant: string, origin: string): Promise<boolean> =>
    (await reader.origins(tenant)).some((entry) => entry.origin === origin);
  return {
    origins: async (tenant) => (await reader.origins(tenant)).map(({ origin }) => origin),
    checkpoint: async (tenant, origin) =>
      (await owned(tenant, origin)) ? reader.checkpoint(origin) : undefined,
    async file(tenant, origin, path) {
      if (!(await owned(tenant, origin))) return undefined;
      if (path === "checkpoint") {
        const note = await reader.checkpoint(origin);
        return note === undefined ? undefined : Buffer.from(note);
      }
      const tile = await reader.tile(origin, path);
      return tile.outcome === "found" ? tile.bytes : undefined;
    },
    async proof(tenant, origin, leaf) {
      if (!(await owned(tenant, origin))) return { outcome: "absent" };
      const proof = await reader.proof(origin, leaf);
      if (proof.outcome === "proved") return { outcome: "proof", text: proof.text };
      return { outcome: proof.outcome === "not_published" ? "pending" : "absent" };
    },
  };
}
