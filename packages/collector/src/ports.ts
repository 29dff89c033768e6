import type { Rule } from "@custody/detections";
import type { InternalFact, LedgerEvent, LedgerStatus, StageDone } from "@custody/ledger";
import type {
  Clock,
  Committer,
  KeyRing,
  Random,
  Receipt,
  Redacted,
  StoreReader,
} from "@custody/model";
import type { EngineMeasures } from "@custody/storage";

import type { AlertTarget } from "./alerts/alert.ts";
import type { SelfTraces } from "./traces/self-traces-port.ts";

/** One tenant's ledger as the collector needs it. */
export interface TenantLedger {
  readonly committer: Committer;
  /** Keys ids, nonces, claims and pseudonyms. The same on every collector of the tenant; never leaves the process. */
  readonly hmacKey: Uint8Array;
  /** Makes a record of our own, ready to commit. */
  record(fact: InternalFact): Redacted;
  /** The signed, compact form of a receipt for the `custody-receipt` header. */
  sign(receipt: Receipt): Promise<string>;
  /** Leaves journalled and leaves stored so far: jobs wait for `stored` to pass what they saw committed. */
  progress(): { readonly committed: number; readonly stored: number };
}

/** What the collector is given. It opens nothing itself. */
export interface CollectorPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: KeyRing;
  readonly reader: StoreReader;
  /** Opens the tenant's ledger on first use. Rejects for a tenant that does not exist. */
  tenant(name: string): Promise<TenantLedger>;
  /** Tenants whose ledgers are open: what a start left unfinished is looked for in each. */
  tenants(): readonly string[];
  /** `size:root` of the tenant's newest checkpoint, which whoever hears it can hold against us; null before the first. */
  witness(tenant: string): string | null;
  /** Why the process is not ready, or nothing. */
  readiness(): readonly string[];
  /** What keeps it from working as it should while it still takes records, or nothing. */
  warnings(): readonly string[];
  /** Journal bytes not yet stored, and seconds since the oldest of them was acknowledged. */
  lag(): { readonly journalBytes: number; readonly storeLagSeconds: number };
  /** Leaves held by every target table, over all ledgers of this process. */
  stored(): number;
  /** Leaves under a published checkpoint, over all ledgers of this process. */
  sealed(): number;
  readonly self?: SelfReadings;
}

/** All ledgers of the process as one reading. */
export interface LedgerReading {
  readonly states: Readonly<Record<LedgerStatus["state"], number>>;
  readonly queueBytes: number;
  /** Of one ledger. */
  readonly queueBytesMax: number;
  readonly journalFiles: number;
  readonly heldBytes: number;
  /** The quota of all ledgers together. */
  readonly journalBytesMax: number;
  /** Of the quota; 1 where the disk has no room for more. */
  readonly fillRatio: number;
  /** At the pace of the last minute; Infinity where nothing grows. */
  readonly fullInSeconds: number;
  /** NaN where the system does not say. */
  readonly diskFreeBytes: number;
  /** At the pace of the last hour; Infinity where it does not fill. */
  readonly diskFullInSeconds: number;
  readonly publishLagSeconds: number;
  readonly sealAgeSeconds: number;
}

/** What the parts below the collector tell about themselves: for metrics and for traces of our own, never for the river. */
export interface SelfReadings {
  ledgers(): LedgerReading;
  engine(): Promise<EngineMeasures>;
  /** The listener is called for as long as the process runs. */
  onStage(listener: (done: StageDone) => void): void;
  onLedgerEvent(listener: (event: LedgerEvent) => void): void;
}

export interface CollectorOptions {
  /** Tenant of requests without a key on loopback. */
  readonly defaultTenant: string;
  /** With it, OTLP without a key is refused too. */
  readonly requireKey: boolean;
  /** True only when bound to a loopback address. */
  readonly loopback: boolean;
  /** Values of `Host` that are answered, without port; loopback names always are. */
  readonly hosts: readonly string[];
  /** Values of `Origin` that may ingest. */
  readonly origins: readonly string[];
  /** How long a number that a source skipped is waited for before it is recorded as a gap. */
  readonly gapAfterMs?: number;
  readonly logLevel: "silent" | "error" | "warn" | "info";
  /** What is looked for in what was stored. */
  readonly rules: readonly Rule[];
  /** Who is told of what was found. */
  readonly alerts: readonly AlertTarget[];
  /** False where another process runs the jobs of this store: exactly one does. */
  readonly jobs: boolean;
  /** Other processes write to this store too: what they received is looked for in the store. */
  readonly sharedStore: boolean;
  /** Where the process tells of its own work, if anywhere. */
  readonly traces?: SelfTraces | undefined;
}
