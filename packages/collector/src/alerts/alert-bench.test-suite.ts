import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureFileSigner, type Ledger, type Ledgers, openLedgers } from "@custody/ledger";
import { type LedgerRecord, shiftMillis, timeFromMillis } from "@custody/model";
import { openStore } from "@custody/storage";
import { recordsOfDay, storedLedgers } from "@custody/storage/queries";
import type { TenantLedger } from "../ports.ts";
import type { Severity } from "./alert.ts";
import type { AlertPorts } from "./alert-line.ts";

/** A ledger and an embedded store of its own, as the collector has them. */
export interface AlertBench {
  /** Of one tenant alone. */
  ports(tenant: string): AlertPorts;
  /** Journals findings as rules do, in another process's ledger where `elsewhere`; answers how many leaves there are with them. */
  find(
    tenant: string,
    findings: readonly string[],
    severity: Severity,
    elsewhere?: boolean,
  ): Promise<number>;
  /** Resolves once everything that was journalled is stored. */
  stored(tenant: string): Promise<void>;
  /** What was recorded of alerts. */
  notes(tenant: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

const clock = { now: () => timeFromMillis(Date.now()) };

export async function openAlertBench(): Promise<AlertBench> {
  const dir = await mkdtemp(join(tmpdir(), "custody-alerts-"));
  const store = await openStore({ kind: "embedded", dir: join(dir, "store") });
  await store.migrate();
  const signer = await ensureFileSigner(join(dir, "log.key"));
  const open = (folder: string): Promise<Ledgers> =>
    openLedgers({
      dir: join(dir, folder),
      clock,
      random: { bytes: (length) => randomBytes(length) },
      deployment: "trace.example.com",
      config: { digest: "c0".repeat(32), detail: {} },
      signer,
      store: store.writer,
      lookup: storedLedgers(store.reader),
      host: folder,
    });
  const [ledgers, others] = [await open("own"), await open("other")];
  return {
    ports: (name) => ({
      clock,
      reader: store.reader,
      tenant: async (asked) => tenantLedger(await ledgers.get(asked)),
      tenants: () => [name],
      witness: () => null,
    }),
    async find(name, findings, severity, elsewhere = false) {
      const ledger = await (elsewhere ? others : ledgers).get(name);
      const { committer, record, progress } = tenantLedger(ledger);
      const rule = { rule: "D-NET-01", rule_version: "1", case: "allowed", severity };
      const own = findings.map((finding) =>
        record({
          class: "finding",
          key: ["finding", finding],
          body: { ...rule, status: "open", refs: [], finding, basis: 1 },
        }),
      );
      for (let from = 0; from < own.length; from += 1_000) {
        const { outcome } = await committer.commit(own.slice(from, from + 1_000));
        if (outcome !== "committed") throw new Error(`the findings: ${outcome}`);
      }
      return progress().committed;
    },
    async stored(name) {
      await (await ledgers.get(name)).seal();
    },
    async notes(name) {
      const now = clock.now();
      const day = { from: shiftMillis(now, -3_600_000), to: shiftMillis(now, 3_600_000) };
      const records = await recordsOfDay({ reader: store.reader, tenant: name }, day, 10_000);
      return records.flatMap(({ record }) => {
        const { kind, detail } = (record as LedgerRecord<"integrity">).body;
        return kind === "alert" ? [detail] : [];
      });
    },
    async close() {
      await ledgers.close();
      await others.close();
      await store.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function tenantLedger(ledger: Ledger): TenantLedger {
  return {
    committer: ledger,
    hmacKey: ledger.hmacKey,
    record: (fact) => ledger.record(fact),
    sign: (receipt) => ledger.sign(receipt),
    progress() {
      const { size, stored } = ledger.status();
      return { committed: size, stored };
    },
  };
}
