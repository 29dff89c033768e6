import { limits as model } from "@custody/model";

/** Every number that bounds the ledger, with its unit. Tests and operators may pass others. */
export interface LedgerLimits {
  /** Records in one batch file. */
  readonly batchRecordsMax: number;
  /** Bytes of one batch file before it is closed. */
  readonly batchBytesMax: number;
  /** How long the first record of a batch waits for company. */
  readonly batchAgeMsMax: number;
  /** Bytes of records accepted but not yet journalled. */
  readonly queueBytesMax: number;
  /** Bytes of batch files on the disk, over all ledgers of a data folder: neither a dead store nor a dead signer fills it. Above, `commit` answers `full`. */
  readonly journalBytesMax: number;
  /** Bytes of the disk that the journal leaves free: the store needs room to take what the journal holds, and tiles and checkpoints need some too. 0: it is not looked at. */
  readonly diskFreeBytesMin: number;
  /** Of a disk so small that this share of it is less, this share. */
  readonly diskFreeShareMin: number;
  /** What a refused caller is told to wait. */
  readonly retryAfterMs: number;
  /** Inserts into the store at the same time: two keep both its parser and its disk busy (performance 5). */
  readonly insertsMax: number;
  /** Batch files in one insert. */
  readonly insertFilesMax: number;
  readonly insertBytesMax: number;
  /** How long a batch file waits for others before it is inserted: an insert of few rows costs the readers beside it as much as one of many. */
  readonly insertAgeMsMin: number;
  /** So much waiting means load: a statement that is twice as large costs little more, so it waits longer, for a full one (performance 2). */
  readonly insertBusyBytes: number;
  readonly insertAgeMsMax: number;
  /** Files not yet stored above which a batch waits for the store, so that batches grow instead of multiplying. */
  readonly backlogFiles: number;
  readonly backlogWaitMsMax: number;
  /** Claims remembered to tell duplicates; the oldest is forgotten first. */
  readonly dedupEntriesMax: number;
  /** How far back claims are asked for at start. */
  readonly dedupWindowMs: number;
  /** A seal follows new records no sooner than this after the last one. */
  readonly sealAgeMsMin: number;
  /** A seal is written at least this often. */
  readonly sealAgeMsMax: number;
  /** Seals further apart than this are downtime, and the next one says so (design 6). */
  readonly downtimeMs: number;
  /** Sources in one `integrity{hw}` record (design 6). */
  readonly hwSourcesPerRecordMax: number;
  /** Canonical bytes of the sources in one `integrity{hw}` record. */
  readonly hwBytesPerRecordMax: number;
  /** Sources remembered between two seals; further ones are counted. */
  readonly hwSourcesMax: number;
  /** Ledgers named in one seal; beyond it the last entry counts the others. */
  readonly rosterEntriesMax: number;
  /** A host's clock this far behind the ledger's last time is recorded. */
  readonly clockBackMsMax: number;
  /** First and largest pause between two tries of store, tiles and signer. */
  readonly retryMsMin: number;
  readonly retryMsMax: number;
  /** How long `close` waits for store and checkpoint. */
  readonly closeMsMax: number;
}

export const ledgerLimits: LedgerLimits = {
  batchRecordsMax: model.batchRecordsMax,
  batchBytesMax: model.batchBytesMax,
  batchAgeMsMax: model.batchAgeMsMax,
  queueBytesMax: 67_108_864,
  journalBytesMax: model.journalBytesMax,
  diskFreeBytesMin: model.diskFreeBytesMin,
  diskFreeShareMin: 0.1,
  retryAfterMs: 1_000,
  insertsMax: 2,
  insertFilesMax: 64,
  insertBytesMax: 3 * model.batchBytesMax,
  insertAgeMsMin: 250,
  insertBusyBytes: 2_097_152,
  insertAgeMsMax: 1_000,
  backlogFiles: 12,
  backlogWaitMsMax: 250,
  dedupEntriesMax: 262_144,
  dedupWindowMs: 86_400_000,
  sealAgeMsMin: model.sealAgeMsMin,
  sealAgeMsMax: model.sealAgeMsMax,
  downtimeMs: 120_000,
  hwSourcesPerRecordMax: 400,
  hwBytesPerRecordMax: 49_152,
  hwSourcesMax: 20_000,
  rosterEntriesMax: 400,
  clockBackMsMax: 2_000,
  retryMsMin: 100,
  retryMsMax: 10_000,
  closeMsMax: 10_000,
};

/** Fills in the defaults and checks the relations between the numbers. */
export function withLimits(given: Partial<LedgerLimits> = {}): LedgerLimits {
  const limits = { ...ledgerLimits, ...given };
  const ordered: readonly (readonly [keyof LedgerLimits, keyof LedgerLimits])[] = [
    ["batchBytesMax", "journalBytesMax"],
    ["insertBusyBytes", "insertBytesMax"],
    ["insertAgeMsMin", "insertAgeMsMax"],
    ["sealAgeMsMin", "sealAgeMsMax"],
    ["retryMsMin", "retryMsMax"],
  ];
  for (const [less, more] of ordered) {
    if (limits[less] > limits[more]) throw new RangeError(`${less} exceeds ${more}`);
  }
  if (limits.hwBytesPerRecordMax + 4_096 > model.recordBytesMax) {
    throw new RangeError("hwBytesPerRecordMax leaves no room for a record");
  }
  return limits;
}

withLimits();
