import type { Clock, Random, StoreWriter } from "@custody/model";
import type { Signer } from "@custody/proof";

/** One remembered (id, claim), as a `claims` table holds it. Hex of 16 bytes each. */
export interface RecentClaim {
  readonly id: string;
  readonly claim: string;
  readonly leaf: number;
}

/**
 * What the store can tell a ledger that opens: all optional, all read-only, asked before the first commit. A port that rejects
 * counts as one that is not there.
 */
export interface LedgerLookup {
  /** Claims heard since a time, oldest first; at most `entriesMax` of the newest. */
  recentClaims?(query: {
    readonly tenant: string;
    readonly origin: string;
    readonly since: string;
    readonly entriesMax: number;
  }): Promise<Iterable<RecentClaim> | AsyncIterable<RecentClaim>>;
  /** The number after the largest leaf that any target table holds of this ledger; 0 where it holds none. */
  storedSize?(origin: string): Promise<number>;
  /** The canonical bytes of one leaf. */
  canonical?(origin: string, leaf: number): Promise<Uint8Array | undefined>;
}

/** Where a crash may fall: called between two writes, so that a test can end the process there. */
export const steps = [
  "batch.start",
  "batch.written",
  "batch.renamed",
  "batch.synced",
  "batch.acknowledged",
  "seal.journalled",
  "publish.stored",
  "publish.tiled",
  "publish.noted",
  "publish.signed",
  "publish.published",
] as const;
export type Step = (typeof steps)[number];
export type OnStep = (step: Step) => void;

/** Something an operator should hear of. Counts and codes, never content. */
export interface LedgerEvent {
  readonly name:
    | "commit_failed"
    | "claims_unavailable"
    | "journal_discarded"
    | "origin_opened"
    | "publish_retry"
    | "store_retry"
    | "fatal";
  readonly origin: string;
  readonly reason?: string;
  readonly count?: number;
}

/**
 * A batch, or what a seal covers, that got through one stage: what metrics and traces of the product itself are made of. Counts and times,
 * never content.
 */
export interface StageDone {
  readonly stage: "journalled" | "stored" | "sealed" | "published";
  readonly tenant: string;
  readonly origin: string;
  /** Leaves `[from, to)`. */
  readonly from: number;
  readonly to: number;
  readonly files: number;
  /** Of the batch files. */
  readonly bytes: number;
  /** What the stage itself took; of `published`, since the seal was journalled. */
  readonly durationMs: number;
  /** Of `stored`: what each file waited since it was journalled, or found at start. Of `published`: the same of the oldest leaf. */
  readonly waitedMs: readonly number[];
}

/** The world a ledger stands in. */
export interface LedgerPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: StoreWriter;
  /** The log's Ed25519 key: a file, a command, a KMS. One key may sign for several origins: the note names the origin. */
  readonly signer: Signer;
  readonly lookup?: LedgerLookup;
  readonly onEvent?: (event: LedgerEvent) => void;
  readonly onStep?: OnStep;
  readonly onStage?: (done: StageDone) => void;
}
