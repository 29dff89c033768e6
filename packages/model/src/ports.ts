import type { Auth, KeyKind } from "./record.ts";
import type { Redacted } from "./stage.ts";

/** The only sources of time and chance below the shells. */
export interface Clock {
  /** RFC 3339 UTC, nine fraction digits; may step backwards when the host's clock does. */
  now(): string;
}
export interface Random {
  /** Cryptographically strong. The caller owns the bytes. */
  bytes(count: number): Uint8Array;
}

/** Signs checkpoints. Implementations: a file, a command, a KMS. Never sees anything but the bytes of a note. */
export interface Signer {
  /** The verifier key in C2SP vkey form, `name+hash+base64`. */
  readonly vkey: string;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** Proof to the sender: what was journalled, where, and when it was heard. */
export interface Receipt {
  readonly origin: string;
  /** SHA-256 over the record hashes of this commit in leaf order, hex. */
  readonly batch: string;
  /** Leaves that this commit added. */
  readonly count: number;
  readonly duplicates: number;
  readonly rx: string;
}

export type CommitVerdict =
  | { readonly outcome: "committed"; readonly receipt: Receipt }
  | { readonly outcome: "full"; readonly retryAfterMs: number; readonly reason: string }
  | { readonly outcome: "failed"; readonly reason: string };

/**
 * The one door into a ledger. Resolves only after the records are journalled and fsynced (design 3); records of one call
 * get consecutive commits in order, all or none. The caller keeps `records`. The same (id, claim) twice is a duplicate and adds no leaf;
 * the same id with another claim is kept and an `integrity{conflict}` record is added beside it.
 */
export interface Committer {
  commit(records: readonly Redacted[]): Promise<CommitVerdict>;
}

/** One journalled batch file: see `batch-file.ts` for its bytes. Immutable; the ledger owns and unlinks it. */
export interface BatchFile {
  readonly path: string;
  readonly ledger: string;
  readonly tenant: string;
  /** Leaves `[from, to)`. */
  readonly from: number;
  readonly to: number;
  /** The one time of receipt of all its records. */
  readonly rx: string;
}

export type InsertVerdict =
  | { readonly outcome: "stored" }
  | { readonly outcome: "retry"; readonly reason: string };

/**
 * The write side of the store. Resolves `stored` only when every target table holds every leaf of the file; storing a file again is a no-op.
 * `repair` must be true for a file that may have been half stored (after a crash or a retry): rows present are then found per target table.
 */
export interface StoreWriter {
  insert(file: BatchFile, options: { readonly repair: boolean }): Promise<InsertVerdict>;
  /**
   * Several fresh files in one statement, which costs little more than one: for whoever fell behind with many small ones. After anything
   * but `stored`, each file may be half stored and is given to `insert` with `repair`.
   */
  insertAll?(files: readonly BatchFile[]): Promise<InsertVerdict>;
}

export type SqlValue = string | number | bigint | boolean | readonly string[] | readonly number[];

/** One read-only statement with named, typed placeholders `{name:Type}`. Users never write `sql`. */
export interface Statement {
  readonly sql: string;
  readonly params: Readonly<Record<string, SqlValue>>;
  readonly rowsMax?: number;
  readonly timeoutMs?: number;
}

export type Row = Readonly<Record<string, unknown>>;

/** The read side of the store. Rows come as JSON values; 64-bit integers as strings, FixedString hashes only through hex(). */
export interface StoreReader {
  rows(statement: Statement, signal?: AbortSignal): Promise<readonly Row[]>;
}

/** Who is calling: tenant and subject come from here and from nowhere else (contract 3). */
export interface Principal {
  readonly tenant: string;
  readonly auth: Auth;
  /** Key id for listing and revoking; absent without a key. */
  readonly key?: string;
  readonly observes?: string;
  readonly breakGlassUntil?: string;
}

/** Resolves a bearer key. Undefined: no such key, or revoked. Only hashes of keys are kept. */
export interface KeyRing {
  find(key: string): Principal | undefined;
}

export interface NewKey {
  readonly tenant: string;
  readonly subject: string;
  readonly kind: KeyKind;
  readonly observes?: string;
}
