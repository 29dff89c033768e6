import type { StoreReader, StoreWriter } from "@custody/model";
import { freezeEmbedded } from "./embedded/freeze.ts";
import { type EmbeddedOptions, openEmbedded } from "./embedded/open-embedded.ts";
import type { Engine } from "./engine.ts";
import { StorageError } from "./errors.ts";
import { type EngineMeasures, measuresOf } from "./measures.ts";
import { type MigrationReport, migrate } from "./migrate.ts";
import { openServer, type ServerOptions } from "./server/open-server.ts";
import { rendered, type SqlFile, singleNode, sqlText } from "./sql-files.ts";
import { type TableStatus, tableStatus } from "./table-status.ts";
import { createStoreWriter, type WriterHooks } from "./writer.ts";

export type StoreOptions = (
  | ({ readonly kind: "embedded" } & EmbeddedOptions)
  | ({ readonly kind: "server" } & ServerOptions)
) & { readonly hooks?: WriterHooks };

export interface LedgerStatus {
  readonly ledger: string;
  readonly rows: number;
  /** The largest leaf stored, not the size of the ledger. */
  readonly leafMax: number;
}

export interface StoreStatus {
  readonly ledgers: readonly LedgerStatus[];
  readonly tables: readonly TableStatus[];
  readonly diskBytes: number;
}

/** One ClickHouse, in this process or elsewhere. Whoever opened it closes it; after `close` every call is refused. */
export interface Store {
  readonly writer: StoreWriter;
  readonly reader: StoreReader;
  /** Brings the schema up to date; must have run once before anything is written or read. */
  migrate(views?: readonly SqlFile[]): Promise<MigrationReport>;
  status(): Promise<StoreStatus>;
  /** Cheap: reads no row of any table. Rejects where the engine does not answer. */
  measures(): Promise<EngineMeasures>;
  /**
   * Builds the text indexes of one finished day (`YYYY-MM-DD`, of receipt) where merges have not. Inserts leave them out, so a search reads
   * what is not indexed yet row by row. Meant for once a day; doing it again costs the same and changes nothing.
   */
  indexDay(day: string): Promise<void>;
  /**
   * Puts a copy of what is stored now into a new folder on the same file system, while writers and readers go on; `openStore` opens it.
   * False: the rows lie in a server, and nothing was copied.
   */
  freeze(into: string): Promise<boolean>;
  close(): Promise<void>;
}

export async function openStore(options: StoreOptions): Promise<Store> {
  const engine = options.kind === "embedded" ? openEmbedded(options) : await openServer(options);
  return {
    writer: createStoreWriter(engine, options.hooks),
    reader: { rows: (statement, signal) => engine.rows(statement, signal) },
    migrate: (views) => migrate(engine, singleNode, views),
    status: () => statusOf(engine),
    measures: () => measuresOf(engine),
    indexDay: (day) => indexDay(engine, day),
    freeze: async (into) => {
      if (options.kind === "server") return false;
      await freezeEmbedded(engine, options.dir, into);
      return true;
    },
    close: () => engine.close(),
  };
}

async function indexDay(engine: Engine, day: string): Promise<void> {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) {
    throw new StorageError("STORE_PARAM", "a day is YYYY-MM-DD");
  }
  for (const name of ["store/index-records", "store/index-content"]) {
    // One after the other: both are made of the same disk and the same two cores.
    await engine.command({ sql: rendered(sqlText(name), { day }), params: {} });
  }
}

async function statusOf(engine: Engine): Promise<StoreStatus> {
  const ledgers = await engine.rows({ sql: sqlText("store/status"), params: {} });
  const tables = await tableStatus(engine);
  return {
    ledgers: ledgers.map((row) => ({
      ledger: String(row["ledger"]),
      rows: Number(row["rows"]),
      leafMax: Number(row["leaf_max"]),
    })),
    tables,
    diskBytes: tables.reduce((sum, table) => sum + table.bytes, 0),
  };
}
