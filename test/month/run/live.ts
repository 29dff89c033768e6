import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Collector, createCollector, createTenantDigest } from "@custody/collector";
import { ensureFileSigner, type Ledger, openLedgers } from "@custody/ledger";
import type { Clock, KeyRing, Principal, Random } from "@custody/model";
import { type ApiPorts, createQueryApi, type QueryApi } from "@custody/query-api";
import { openStore, type Store } from "@custody/storage";
import { storedLedgers } from "@custody/storage/queries";
import { shippedRules } from "../../detections/shipped-rules.ts";
import { createChance } from "../world/chance.ts";
import { tenant, timeOf } from "./receive.ts";

/** Collector, ledger, store and API over one folder, in this process, under a clock that a test moves. */
export interface Live {
  readonly collector: Collector;
  readonly api: QueryApi;
  readonly ledger: Ledger;
  moveTo(ms: number): void;
  /** Everything that was acknowledged is stored, and nothing is left to join. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** The first bytes drawn make the tenant's key: two folders of one seed have the same. */
function seededRandom(seed: number): Random {
  const chance = createChance(seed);
  return { bytes: (count) => Buffer.from(chance.hex(count * 2), "hex") };
}

/** A key's text is what it stands for: no ring to fill for two hundred people. */
const keys: KeyRing = {
  find(key) {
    const principal = JSON.parse(Buffer.from(key, "base64url").toString("utf8")) as Principal;
    return { ...principal, tenant };
  },
};

export const keyText = (auth: Principal["auth"], observes?: string): string =>
  Buffer.from(JSON.stringify({ auth, ...(observes === undefined ? {} : { observes }) })).toString(
    "base64url",
  );

export async function openLive(folder: string, startAt: number): Promise<Live> {
  let now = startAt;
  const clock: Clock = { now: () => timeOf(now) };
  const random = seededRandom(7);
  const store = await openStore({ kind: "embedded", dir: join(folder, "store") });
  await store.migrate();
  const ledgers = await openLedgers({
    clock,
    random,
    dir: folder,
    deployment: "custody.local",
    signer: await ensureFileSigner(join(folder, "log.key")),
    store: store.writer,
    config: { digest: createHash("sha256").update("month").digest("hex"), detail: {} },
    lookup: storedLedgers(store.reader),
  });
  const ledger = await ledgers.get(tenant);
  const collector = collectorOver(ledger, store, { clock, random });
  const api = createQueryApi(apiPorts(store, clock), {
    hosts: [],
    version: "0.0.0",
    logLevel: "silent",
  });
  return {
    collector,
    api,
    ledger,
    moveTo(ms) {
      now = Math.max(now, ms);
    },
    settled: () => settled(ledger, collector),
    async close() {
      await collector.close();
      await api.close();
      await ledgers.close();
      await store.close();
    },
  };
}

function collectorOver(
  ledger: Ledger,
  store: Store,
  ports: { readonly clock: Clock; readonly random: Random },
): Collector {
  const progress = (): { readonly committed: number; readonly stored: number } => {
    const { size, stored } = ledger.status();
    return { committed: size, stored };
  };
  const own = {
    committer: ledger,
    hmacKey: ledger.hmacKey,
    record: (fact: Parameters<Ledger["record"]>[0]) => ledger.record(fact),
    sign: (receipt: Parameters<Ledger["sign"]>[0]) => ledger.sign(receipt),
    progress,
  };
  return createCollector(
    {
      ...ports,
      keys,
      reader: store.reader,
      tenant: async () => own,
      tenants: () => [tenant],
      witness: () => null,
      readiness: () => [],
      warnings: () => [],
      lag: () => ({ journalBytes: 0, storeLagSeconds: 0 }),
      stored: () => progress().stored,
      sealed: () => 0,
    },
    {
      defaultTenant: tenant,
      requireKey: false,
      loopback: true,
      hosts: [],
      origins: [],
      logLevel: "silent",
      rules: shippedRules,
      alerts: [],
      jobs: true,
      sharedStore: false,
    },
  );
}

function apiPorts(store: Store, clock: Clock): ApiPorts {
  const nothing = async (): Promise<undefined> => undefined;
  return {
    findings: { rules: [], dispose: refused, replay: refused, lastReplay: async () => null },
    clock,
    reader: store.reader,
    keys: { ...keys, create: refused, list: () => [], revoke: async () => false },
    ledgers: {
      origins: async () => [],
      checkpoint: nothing,
      file: nothing,
      proof: async () => ({ outcome: "absent" }),
    },
    exports: { start: refused, find: () => undefined, bundle: nothing },
    // Reads are not what is measured.
    commitAccess: async () => true,
    fsck: nothing,
    snapshot: refused,
    status: () => ({
      version: "0.0.0",
      reasons: [],
      data: "",
      store: "embedded",
      require_key: false,
      findings: {
        rules: 0,
        look_failures: 0,
        alert_targets: 0,
        alerts_pending: 0,
        alert_failures: 0,
        alerts_given_up: 0,
      },
      journal: {
        bytes: 0,
        bytes_max: 1,
        disk_free_bytes: null,
        full_in_s: null,
        disk_full_in_s: null,
        warnings: [],
      },
      ledgers: [],
    }),
  };
}

async function refused(): Promise<never> {
  throw new Error("not part of this test");
}

/** Runs in a row in which something failed: looks are made again, but what fails so often does not come right by itself. */
const failingRunsMax = 20;

/**
 * Twice nothing was written, by the jobs asked here or by themselves, with everything stored before: they build upon each other. A run in which a
 * look failed, or after which a session still waits for its joins, says nothing of what is left.
 */
async function settled(ledger: Ledger, collector: Collector): Promise<void> {
  const { joining, joinFailures, gapFailures, detectFailures } = collector.jobs;
  const failures = (): number => joinFailures() + gapFailures() + detectFailures();
  let failing = 0;
  for (let quiet = 0; quiet < 2; ) {
    const { size, stored } = ledger.status();
    if (stored < size) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      continue;
    }
    const before = failures();
    await collector.correlate();
    await collector.watchGaps();
    await collector.detector.run();
    failing = failures() === before ? 0 : failing + 1;
    if (failing === failingRunsMax) throw new Error(`looks failed in ${failing} runs in a row`);
    const isQuiet = failing === 0 && joining() === 0 && ledger.status().size === size;
    quiet = isQuiet ? quiet + 1 : 0;
  }
}

export function digestOf(ledger: Ledger): ReturnType<typeof createTenantDigest> {
  return createTenantDigest(tenant, ledger.hmacKey);
}
