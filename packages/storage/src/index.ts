export type { EmbeddedOptions } from "./embedded/open-embedded.ts";
export { StorageError, type StorageErrorCode } from "./errors.ts";
export { storageLimits } from "./limits.ts";
export type { EngineMeasures } from "./measures.ts";
export type { MigrationReport } from "./migrate.ts";
export type { ServerOptions } from "./server/open-server.ts";
export { readSqlFiles, type SqlFile } from "./sql-files.ts";
export {
  type LedgerStatus,
  openStore,
  type Store,
  type StoreOptions,
  type StoreStatus,
} from "./store.ts";
export type { TableStatus } from "./table-status.ts";
export type { RepairStep, WriterHooks } from "./writer.ts";
