import type { Clock, KeyKind, KeyRing, NewKey, StoreReader } from "@custody/model";
import type { CommitAccess } from "./access.ts";

/** A key as an administrator sees it: never the key itself. */
export interface ListedKey {
  readonly id: string;
  readonly tenant: string;
  readonly subject: string;
  readonly kind: KeyKind;
  readonly created: string;
  readonly revoked: string | null;
}

/** Makes and revokes keys. The text of a new key is told once. */
export interface KeyOffice extends KeyRing {
  create(key: NewKey): Promise<{ readonly id: string; readonly key: string }>;
  list(tenant: string): readonly ListedKey[];
  revoke(tenant: string, id: string): Promise<boolean>;
}

/** The ledgers of a tenant, read only. Paths are checked by the implementation; undefined: not there. */
export interface LedgerShelf {
  origins(tenant: string): Promise<readonly string[]>;
  checkpoint(tenant: string, origin: string): Promise<string | undefined>;
  file(tenant: string, origin: string, path: string): Promise<Uint8Array | undefined>;
  /** C2SP tlog-proof text; `pending` until a checkpoint covers the leaf. */
  proof(
    tenant: string,
    origin: string,
    leaf: number,
  ): Promise<
    | { readonly outcome: "proof"; readonly text: string }
    | { readonly outcome: "pending" }
    | { readonly outcome: "absent" }
  >;
}

/** A long export, run behind the API. */
export interface ExportJob {
  readonly id: string;
  readonly status: "running" | "done" | "failed";
  readonly progress: number;
  readonly step: string;
  readonly error: string | null;
  readonly summary: unknown;
}

export interface ExportDesk {
  start(request: {
    readonly tenant: string;
    readonly requestedBy: string;
    readonly framework: "soc2";
    readonly from: string;
    readonly to: string;
    readonly controls: readonly string[];
    readonly purpose: string;
    readonly previous?:
      | {
          readonly id: string;
          readonly origin: string;
          readonly size: number;
          readonly root: string;
        }
      | undefined;
  }): Promise<ExportJob>;
  find(tenant: string, id: string): ExportJob | undefined;
  /** Bytes of the finished bundle. */
  bundle(tenant: string, id: string): Promise<Uint8Array | undefined>;
}

export interface ApiPorts {
  readonly clock: Clock;
  readonly reader: StoreReader;
  readonly keys: KeyOffice;
  readonly ledgers: LedgerShelf;
  readonly exports: ExportDesk;
  readonly commitAccess: CommitAccess;
  /** `fsck` of the tenant's ledgers through this process, which holds the folder. */
  fsck(tenant: string): Promise<unknown>;
  status(): ServerStatus;
}

/** How the process is, as an operator asks. */
export interface ServerStatus {
  readonly version: string;
  /** Why it is not ready, or nothing. */
  readonly reasons: readonly string[];
  readonly data: string;
  readonly store: "embedded" | "server";
  /** False: OTLP is taken without a key on loopback. */
  readonly require_key: boolean;
  readonly ledgers: readonly {
    readonly tenant: string;
    readonly origin: string;
    readonly vkey: string;
    readonly size: number;
    readonly stored: number;
    readonly published: number;
    readonly journal_bytes: number;
    readonly store_lag_ms: number;
  }[];
}

export interface ApiOptions {
  readonly hosts: readonly string[];
  readonly version: string;
  readonly logLevel: "silent" | "error" | "warn" | "info";
}
