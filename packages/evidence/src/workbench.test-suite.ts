import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ledger, openLedger } from "@custody/ledger";
import { openLedgerReader } from "@custody/ledger/reader";
import { asRedacted, type Clock, type Random } from "@custody/model";
import { openStore, type Store } from "@custody/storage";
import { storedLedgers } from "@custody/storage/queries";
import { createTestSigner } from "../../../test/support/crypto.ts";
import { loadCatalogue } from "./catalogue.ts";
import { sha256Hex } from "./digest.ts";
import { type ExportInput, exportBundle } from "./export-bundle.ts";
import { type FixtureRecord, fixtureDraft, fixtureTenant } from "./fixture-store.test-suite.ts";

/** A clock that a test moves: what it says is when a record is received. */
interface HandClock extends Clock {
  time: string;
}

/** A real ledger over a real store, and everything an export needs. */
export interface Workbench {
  readonly folder: string;
  readonly clock: HandClock;
  readonly store: Store;
  readonly ledger: Ledger;
  /** Commits the records in order, each received at the time it states. */
  hear(records: readonly FixtureRecord[]): Promise<void>;
  sealAt(time: string): Promise<void>;
  export(name: string, change?: Partial<ExportInput>): ReturnType<typeof exportBundle>;
  close(): Promise<void>;
}

export async function openWorkbench(startedAt: string): Promise<Workbench> {
  const folder = await mkdtemp(join(tmpdir(), "custody-export-"));
  const clock: HandClock = { time: startedAt, now: () => clock.time };
  let drawn = 0;
  const random: Random = {
    bytes(count) {
      drawn += 1;
      return Buffer.from(sha256Hex(`random ${drawn}`), "hex").subarray(0, count);
    },
  };
  const store = await openStore({ kind: "embedded", dir: join(folder, "store") });
  await store.migrate();
  const ledger = await openLedger({
    dir: folder,
    tenant: fixtureTenant,
    deployment: "custody.example",
    config: { digest: "c0".repeat(32), detail: {} },
    clock,
    random,
    store: store.writer,
    lookup: storedLedgers(store.reader),
    signer: createTestSigner(Buffer.alloc(32, 1)),
    host: "host-1",
    // The clock jumps by days; seals come only when the test asks.
    limits: {
      batchAgeMsMax: 2,
      downtimeMs: 30 * 86_400_000,
      sealAgeMsMin: 3_600_000,
      sealAgeMsMax: 3_600_000,
    },
  });
  const catalogue = await loadCatalogue();
  let heard = 0;
  return {
    folder,
    clock,
    store,
    ledger,
    async hear(records) {
      for (const record of records) {
        heard += 1;
        clock.time = record.rx ?? record.ts;
        const claim = sha256Hex(`claim ${heard}`).slice(0, 32);
        const id = record.id ?? sha256Hex(`id ${heard}`).slice(0, 32);
        const redacted = { record: fixtureDraft(record, id), claim, disclosures: [] };
        // One commit a record: each has its own time of receipt.
        const verdict = await ledger.commit([asRedacted(redacted)]);
        if (verdict.outcome !== "committed") throw new Error(verdict.reason);
      }
    },
    async sealAt(time) {
      clock.time = time;
      const sealed = await ledger.seal();
      if (sealed.outcome !== "published") throw new Error(sealed.reason);
    },
    export: (name, change = {}) =>
      exportBundle({
        reader: store.reader,
        ledger,
        ledgerReader: openLedgerReader(folder),
        catalogue,
        period: {
          start: "2026-11-02T00:00:00.000000000Z",
          end: "2026-11-03T00:00:00.000000000Z",
        },
        requestedBy: "usr_auditor",
        purpose: "fieldwork",
        out: join(folder, name),
        signer: createTestSigner(Buffer.alloc(32, 2)),
        clock,
        random,
        generator: { name: "custody", version: "0.1.0" },
        ...change,
      }),
    async close() {
      await ledger.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
