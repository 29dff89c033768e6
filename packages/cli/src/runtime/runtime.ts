import { hash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  type AlertTarget,
  createCollector,
  digestOf,
  type SelfReadings,
  type SelfTraces,
  type TenantLedger,
} from "@custody/collector";
import type { Rule } from "@custody/detections";
import {
  acquireFolder,
  createFileKeyRing,
  ensureAdminKey,
  ensureFileSigner,
  type FileKeyRing,
  type Ledger,
  type LedgerEvent,
  type LedgerLimits,
  type LedgerStatus,
  type Ledgers,
  openLedgers,
  type StageDone,
} from "@custody/ledger";
import { canonicalText } from "@custody/model";
import { StorageError, type Store } from "@custody/storage";
import { storedLedgers } from "@custody/storage/queries";
import { removeSnapshots } from "../backup/snapshot.ts";
import { type Config, isLoopback } from "../config.ts";
import { Stop } from "../exit-code.ts";
import { alertTargets, namedAlerts } from "./alert-targets.ts";
import { fillingJournal, fullJournal } from "./journal-room.ts";
import { startNightly } from "./nightly.ts";
import { openRows } from "./open-rows.ts";
import { loadRules } from "./rules.ts";
import { createHub, selfReadings } from "./self-readings.ts";
import { type Say, systemClock, systemRandom } from "./world.ts";

/** First part of every origin of this installation. */
const deployment = "custody.local";

/** Everything that stands on one data folder: opened once, closed in the order that loses nothing. */
export interface Runtime {
  readonly data: string;
  readonly config: Config;
  readonly store: Store;
  readonly ledgers: Ledgers;
  readonly keys: FileKeyRing;
  readonly adminKeyFile: string;
  readonly rules: readonly Rule[];
  readonly alerts: readonly AlertTarget[];
  /** What the process tells about itself. */
  readonly self: SelfReadings;
  /** Why it is not ready, or nothing. */
  readiness(): readonly string[];
  /** What is wrong while it is ready all the same, or nothing. */
  warnings(): readonly string[];
  close(): Promise<void>;
}

/** Opens folder, keys, store and the default tenant's ledger. A folder in use elsewhere is refused with its holder's name. */
export async function openRuntime(data: string, config: Config, say: Say): Promise<Runtime> {
  const ports = { clock: systemClock, random: systemRandom };
  const rules = loadRules(config.rules);
  const alerts = alertTargets(config.alerts);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const lock = await acquireFolder(data, ports);
  if (lock.outcome === "held") {
    throw new Stop(
      "unreachable",
      `the data folder ${data} is in use by process ${lock.pid} since ${lock.since}; stop it, or choose another with --data`,
    );
  }
  try {
    // One whose back-up was cut short holds room.
    await removeSnapshots(data);
    const keys = await createFileKeyRing(data, ports);
    await ensureAdminKey(data, keys, {
      tenant: config.tenant,
      subject: "admin",
      loopback: isLoopback(config.host),
    });
    const signer = await ensureFileSigner(join(data, "log.key"));
    const store = await openRows(data, config.clickhouse_url);
    await migrated(store, data);
    const detail = settingsOf(config, rules);
    const digest = hash("sha256", canonicalText(detail), "hex");
    const hubs = { stages: createHub<StageDone>(), events: createHub<LedgerEvent>() };
    const ledgers = await openLedgers({
      ...ports,
      dir: data,
      deployment,
      signer,
      store: store.writer,
      config: { digest, detail },
      lookup: storedLedgers(store.reader),
      limits: limitsOf(config),
      onEvent(event) {
        const { name, ...fields } = event;
        say(`ledger.${name}`, fields);
        hubs.events.tell(event);
      },
      onStage: hubs.stages.tell,
    });
    await ledgers.get(config.tenant);
    const nightly = startNightly(store, systemClock, say);
    return {
      data,
      config,
      store,
      ledgers,
      keys,
      adminKeyFile: join(data, "admin.key"),
      rules,
      alerts,
      self: selfReadings(ledgers, store, hubs),
      readiness: () => [...ofEach(ledgers, reasonsOf), ...fullJournal(ledgers.journal())],
      warnings: () => [...ofEach(ledgers, warningsOf), ...fillingJournal(ledgers.journal())],
      async close() {
        await nightly.close();
        await ledgers.close();
        await store.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function limitsOf(config: Config): Partial<LedgerLimits> {
  const { journal_bytes_max: journalBytesMax, disk_free_bytes_min: diskFreeBytesMin } = config;
  return { journalBytesMax, diskFreeBytesMin };
}

function ofEach(ledgers: Ledgers, say: (status: LedgerStatus) => string[]): string[] {
  return ledgers.list().flatMap((ledger) => say(ledger.status()));
}

/** A store of a later release is left alone: this one does not know what its tables mean. */
async function migrated(store: Store, data: string): Promise<void> {
  try {
    await store.migrate();
  } catch (cause) {
    await store.close();
    if (!(cause instanceof StorageError) || cause.code !== "STORE_MIGRATION") throw cause;
    throw new Stop(
      "usage",
      `${data} was written by a newer release, or by one of another line (${cause.message}), and nothing in it was changed: start that release, or one that is newer still`,
      { cause },
    );
  }
}

/** What the ledger may say of the configuration: no secrets, and no address with a password. */
function settingsOf(
  { clickhouse_url, traces_to, ...config }: Config,
  rules: readonly Rule[],
): Record<string, unknown> {
  return {
    ...config,
    alerts: namedAlerts(config.alerts),
    self_traces: traces_to === undefined ? "off" : new URL(traces_to).host,
    store: clickhouse_url === undefined ? "embedded" : "server",
    rules_in_force: Object.fromEntries(rules.map(({ id, version }) => [id, version])),
    rules_digest: digestOf(rules),
  };
}

function reasonsOf({ state, reason }: LedgerStatus): string[] {
  return state === "open" ? [] : [`ledger ${state}: ${reason ?? "no reason given"}`];
}

/** An open ledger with a reason has a store or a signer that does not answer; it tries again by itself. */
function warningsOf({ state, reason, size, stored }: LedgerStatus): string[] {
  return state === "open" && reason !== undefined
    ? [`${size - stored} acknowledged records wait for the store or a checkpoint: ${reason}`]
    : [];
}

/** The collector over a runtime. */
export function collectorOf(
  runtime: Runtime,
  traces: SelfTraces | undefined,
): ReturnType<typeof createCollector> {
  const { ledgers, keys, store, config } = runtime;
  const sum = (read: (status: LedgerStatus) => number): number =>
    ledgers.list().reduce((total, ledger) => total + read(ledger.status()), 0);
  return createCollector(
    {
      clock: systemClock,
      random: systemRandom,
      keys,
      reader: store.reader,
      tenant: async (name) => tenantLedger(await ledgers.get(name)),
      tenants: () => ledgers.list().map((ledger) => ledger.tenant),
      witness: (tenant) => witnessOf(ledgers, tenant),
      readiness: runtime.readiness,
      warnings: runtime.warnings,
      lag: () => ({
        journalBytes: sum((status) => status.journalBytes),
        storeLagSeconds:
          Math.max(0, ...ledgers.list().map((ledger) => ledger.status().storeLagMs)) / 1000,
      }),
      stored: () => sum((status) => status.stored),
      sealed: () => sum((status) => status.published?.size ?? 0),
      self: runtime.self,
    },
    {
      defaultTenant: config.tenant,
      requireKey: config.require_key,
      loopback: isLoopback(config.host),
      hosts: config.hosts,
      origins: config.origins,
      gapAfterMs: config.gap_after_s * 1_000,
      logLevel: config.log,
      rules: runtime.rules,
      alerts: runtime.alerts,
      jobs: config.jobs,
      sharedStore: config.clickhouse_url !== undefined,
      traces,
    },
  );
}

/** Of the newest published checkpoint. */
function witnessOf(ledgers: Ledgers, tenant: string): string | null {
  const head = ledgers
    .list()
    .find((ledger) => ledger.tenant === tenant)
    ?.status().published;
  return head === undefined ? null : `${head.size}:${Buffer.from(head.root).toString("base64")}`;
}

function tenantLedger(ledger: Ledger): TenantLedger {
  return {
    committer: ledger,
    hmacKey: ledger.hmacKey,
    record: (fact) => ledger.record(fact),
    sign: (receipt) => ledger.sign(receipt),
    progress: () => {
      const { size, stored } = ledger.status();
      return { committed: size, stored };
    },
  };
}
