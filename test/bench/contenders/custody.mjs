import { hash, randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { createCollector } from "@custody/collector";
import { acquireFolder, createFileKeyRing, ensureFileSigner, openLedgers } from "@custody/ledger";
import { timeFromNanos } from "@custody/model";
import { openStore } from "@custody/storage";
import { loadRules } from "../../../packages/cli/dist/runtime/rules.js";
import { answerQuestions, createUsage } from "./questions.mjs";

/**
 * Custody as `custody up` wires it, on the embedded engine: folder lock, keys, signer, store, ledger, collector on a socket. Added here:
 * each batch file is linked into `keep` before it is deleted, for the baseline of batch files, and the clock is read when a file was
 * acknowledged and when the store had it.
 */
const tenant = "bench";
const clock = { now: () => timeFromNanos(BigInt(Date.now()) * 1_000_000n) };
const random = { bytes: (count) => randomBytes(count) };
const ports = { clock, random };
const usage = createUsage();
/** Milliseconds since 1970 at which each acknowledged file was so, oldest first, until it is stored. */
const acknowledged = [];
/** One a file: rows, and milliseconds from acknowledged to queryable. */
let lags = [];
/** How often the engine was given something: a statement may take several files. */
let statements = 0;
/** When the newest file was stored. */
let storedAt = 0;
let parts;

/** @param {import("@custody/model").StoreWriter} writer @param {string} keep */
function watched(writer, keep) {
  /** When a file on its way to the store was acknowledged. Files are begun in leaf order, but may end in another. */
  const since = new Map();
  const watch = async (files, work) => {
    for (const { path } of files) {
      // A file that is tried again was seen before.
      if (since.has(path)) continue;
      since.set(path, acknowledged.shift());
      linkSync(path, join(keep, basename(path)));
    }
    statements += 1;
    const verdict = await work();
    if (verdict.outcome !== "stored") return verdict;
    storedAt = Date.now();
    for (const { path, from, to } of files) {
      lags.push({ rows: to - from, ms: storedAt - (since.get(path) ?? storedAt) });
      since.delete(path);
    }
    return verdict;
  };
  return {
    insert: (file, how) => watch([file], () => writer.insert(file, how)),
    insertAll: (files) => watch(files, () => writer.insertAll(files)),
  };
}

async function open({ data, keep }) {
  mkdirSync(keep, { recursive: true });
  const lock = await acquireFolder(data, ports);
  if (lock.outcome === "held") throw new Error(`${data} is in use`);
  const keys = await createFileKeyRing(data, ports);
  const { key } = await keys.create({ tenant, subject: "load", kind: "agent" });
  const store = await openStore({ kind: "embedded", dir: join(data, "store") });
  await store.migrate();
  const ledgers = await openLedgers({
    ...ports,
    dir: data,
    deployment: "bench.local",
    signer: await ensureFileSigner(join(data, "log.key")),
    store: watched(store.writer, keep),
    config: { digest: hash("sha256", "bench", "hex"), detail: {} },
    onStep: (step) => {
      if (step === "batch.synced") acknowledged.push(Date.now());
    },
    onEvent: (event) => process.stderr.write(`${JSON.stringify(event)}\n`),
  });
  const ledger = await ledgers.get(tenant);
  const collector = createCollector(
    {
      ...ports,
      keys,
      reader: store.reader,
      tenant: async (name) => tenantLedger(await ledgers.get(name)),
      tenants: () => [tenant],
      readiness: () => [],
      lag: () => ({ journalBytes: ledger.status().journalBytes, storeLagSeconds: 0 }),
      warnings: () => [],
      witness: () => null,
      stored: () => ledger.status().stored,
      sealed: () => ledger.status().published?.size ?? 0,
    },
    {
      defaultTenant: tenant,
      requireKey: true,
      loopback: true,
      hosts: [],
      origins: [],
      logLevel: "warn",
      rules: loadRules(undefined),
      alerts: [],
      jobs: true,
      sharedStore: false,
    },
  );
  const url = await collector.app.listen({ host: "127.0.0.1", port: 0 });
  parts = { data, lock, store, ledgers, ledger, collector };
  return { url, key };
}

function tenantLedger(ledger) {
  return {
    committer: ledger,
    hmacKey: ledger.hmacKey,
    record: (fact) => ledger.record(fact),
    sign: (receipt) => ledger.sign(receipt),
    progress: () => ({ committed: ledger.status().size, stored: ledger.status().stored }),
  };
}

/** Resolves when everything that is acknowledged now can be queried. */
async function drained() {
  const { ledger } = parts;
  const { size } = ledger.status();
  while (ledger.status().stored < size) await new Promise((resolve) => setTimeout(resolve, 2));
  return { storedAt, size, lags, statements, ...usage.read() };
}

/** Closes as SIGTERM does, and says what is on the disk then. */
async function close() {
  const { data, lock, store, ledgers, collector } = parts;
  const { rssPeakBytes } = usage.read();
  await collector.close();
  await ledgers.close();
  const { ledgers: stored } = await store.status();
  await store.close();
  await lock.release();
  const ledgerFolder = join(data, "tenants", tenant, "ledgers");
  return { rssPeakBytes, rows: stored[0]?.rows ?? 0, ledgerBytes: bytesUnder(ledgerFolder) };
}

function bytesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

answerQuestions({
  open,
  mark() {
    lags = [];
    statements = 0;
    usage.mark();
    return { size: parts.ledger.status().size };
  },
  drained,
  close,
});
