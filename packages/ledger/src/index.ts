export { type AdminKey, ensureAdminKey, replaceAdminKey } from "./admin-key.ts";
export { createCommandSigner, type SignerCommand } from "./command-signer.ts";
export { LedgerError, type LedgerErrorCode } from "./errors.ts";
export { ensureFileSigner, openFileSigner } from "./file-signer.ts";
export {
  createInternalRecords,
  type InternalFact,
  type InternalRecords,
  type InternalSource,
  recordClaim,
  recordId,
  recordNonce,
} from "./internal-record.ts";
export type { JournalStatus } from "./journal-quota.ts";
export {
  type CreatedKey,
  createFileKeyRing,
  type FileKeyRing,
  isSamePerson,
  type KeyEntry,
} from "./key-ring.ts";
export { isTenant } from "./layout.ts";
export {
  type EffectiveConfig,
  type Ledger,
  type LedgerInput,
  type LedgerStatus,
  openLedger,
} from "./ledger.ts";
export { type Ledgers, type LedgersInput, openLedgers, tenantsOf } from "./ledgers.ts";
export { type LedgerLimits, ledgerLimits } from "./limits.ts";
export { acquireFolder, type FolderHeld, type FolderLock } from "./lock.ts";
export {
  type LedgerEvent,
  type LedgerLookup,
  type LedgerPorts,
  type OnStep,
  type RecentClaim,
  type StageDone,
  type Step,
  steps,
} from "./ports.ts";
export {
  type ReceiptVerdict,
  type SignedReceipt,
  signReceipt,
  type TreeHead,
  verifyReceipt,
} from "./receipts.ts";
export type { PublishVerdict } from "./sealer.ts";
export {
  type LedgerMark,
  type LedgerSnapshot,
  markLedgersRestored,
  snapshotLedgers,
} from "./snapshot.ts";
export { openTenantKey } from "./tenant-key.ts";
