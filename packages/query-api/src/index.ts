export { type AccessLog, type CommitAccess, createAccessLog } from "./access.ts";
export { createQueryApi, type QueryApi } from "./app.ts";
export { Refusal, type RefusalCode, refusals } from "./errors.ts";
export type {
  ApiOptions,
  ApiPorts,
  ExportDesk,
  ExportJob,
  KeyOffice,
  LedgerShelf,
  ListedKey,
  ServerStatus,
} from "./ports.ts";
