import type {
  Clock,
  Fact,
  KeyKind,
  KeyRing,
  NewKey,
  Principal,
  RecordClass,
  StoreReader,
} from "@custody/model";
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

/** A rule in force, as people know it. */
export interface RuleInfo {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly severity: Readonly<Record<string, "critical" | "high" | "medium" | "low">>;
  readonly scopes: readonly ("session" | "day")[];
  /** Classes without which it is silent. */
  readonly inputs: readonly RecordClass[];
  readonly next: string;
}

/** What looking again would write, or wrote. */
export interface Differing {
  readonly finding: string;
  readonly rule: string;
  readonly case: string;
  readonly status: "open" | "withdrawn";
  readonly session: string | null;
  readonly call: string | null;
}

/** The part of a replay that one request asks for. */
interface ReplayPart {
  readonly sessions: readonly string[];
  /** As `2026-11-23`. */
  readonly days: readonly string[];
  readonly from: string;
  readonly to: string;
  /** With it the replay is through. */
  readonly isLast: boolean;
}

/** What is done about findings. */
export interface FindingDesk {
  readonly rules: readonly RuleInfo[];
  /** Commits what a person said, under that person's credential; answers the record's id. Rejects where it is not durable. */
  dispose(principal: Principal, fact: Fact<"finding">): Promise<string>;
  replay(tenant: string, part: ReplayPart, dryRun: boolean): Promise<readonly Differing[]>;
  /** When a replay of some window was last through; null: never. */
  lastReplay(tenant: string): Promise<string | null>;
}

export interface ApiPorts {
  readonly findings: FindingDesk;
  readonly clock: Clock;
  readonly reader: StoreReader;
  readonly keys: KeyOffice;
  readonly ledgers: LedgerShelf;
  readonly exports: ExportDesk;
  readonly commitAccess: CommitAccess;
  /** `fsck` of the tenant's ledgers through this process, which holds the folder. */
  fsck(tenant: string): Promise<unknown>;
  /** Puts a copy of the data folder beside it, on this machine; answers where. An earlier one goes. */
  snapshot(): Promise<{ readonly id: string; readonly path: string }>;
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
  /** What the rules and alerts came to since the start. */
  readonly findings: {
    readonly rules: number;
    readonly look_failures: number;
    readonly alert_targets: number;
    readonly alerts_pending: number;
    readonly alert_failures: number;
    readonly alerts_given_up: number;
  };
  /** The journal's quota over all tenants: what is used of it, and how long it lasts at the pace of late; null where it does not grow. */
  readonly journal: {
    readonly bytes: number;
    readonly bytes_max: number;
    readonly disk_free_bytes: number | null;
    readonly full_in_s: number | null;
    readonly disk_full_in_s: number | null;
    /** What of that somebody should look at soon, or nothing. */
    readonly warnings: readonly string[];
  };
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
