import { readFile } from "node:fs/promises";
import { type BatchRow, decodeBatch, type InsertVerdict, type StoreWriter } from "@custody/model";
import type { LedgerLookup } from "./ports.ts";

/** A stored record as a test reads it. */
export interface StoredRecord {
  readonly class: string;
  readonly id: string;
  readonly rx: string;
  readonly call?: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly body: {
    readonly kind?: string;
    readonly detail: Readonly<Record<string, unknown>>;
    readonly acc: Readonly<Record<string, string>>;
    readonly counts: Readonly<Record<string, number>>;
    readonly [member: string]: unknown;
  };
}

/** A store in memory: a real implementation of the port, with a switch that makes it refuse. */
export interface MemoryStore extends StoreWriter, LedgerLookup {
  /** Rows by leaf, by ledger. */
  readonly ledgers: ReadonlyMap<string, ReadonlyMap<number, BatchRow>>;
  rows(origin: string): BatchRow[];
  records(origin: string): StoredRecord[];
  down: boolean;
  readonly repairs: number;
  /** Files that came in one insert with others. */
  readonly grouped: number;
}

export function createMemoryStore(): MemoryStore {
  const ledgers = new Map<string, Map<number, BatchRow>>();
  let repairs = 0;
  let grouped = 0;
  const rows = (origin: string): BatchRow[] =>
    [...(ledgers.get(origin)?.values() ?? [])].sort((a, b) => a.leaf - b.leaf);
  return {
    ledgers,
    down: false,
    rows,
    records: (origin) =>
      rows(origin).map((row) => JSON.parse(Buffer.from(row.canonical).toString())),
    get repairs() {
      return repairs;
    },
    async insert(file, { repair }): Promise<InsertVerdict> {
      if (this.down) return { outcome: "retry", reason: "the store is down" };
      const batch = decodeBatch(await readFile(file.path));
      const leaves = ledgers.get(batch.ledger) ?? new Map<number, BatchRow>();
      ledgers.set(batch.ledger, leaves);
      for (const row of batch.rows) if (!leaves.has(row.leaf)) leaves.set(row.leaf, row);
      if (repair) repairs += 1;
      return { outcome: "stored" };
    },
    async insertAll(files) {
      for (const file of files) {
        const verdict = await this.insert(file, { repair: false });
        if (verdict.outcome !== "stored") return verdict;
      }
      grouped += files.length;
      return { outcome: "stored" };
    },
    get grouped() {
      return grouped;
    },
    async storedSize(origin) {
      const leaves = [...(ledgers.get(origin)?.keys() ?? [])];
      return leaves.reduce((size, leaf) => Math.max(size, leaf + 1), 0);
    },
    async canonical(origin, leaf) {
      return ledgers.get(origin)?.get(leaf)?.canonical;
    },
    async recentClaims({ origin }) {
      return rows(origin).map(({ id, claim, leaf }) => ({
        id: Buffer.from(id).toString("hex"),
        claim: Buffer.from(claim).toString("hex"),
        leaf,
      }));
    },
  };
}
