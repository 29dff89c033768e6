import type { StageDone } from "@custody/ledger";

/** A request that brought something, as it was answered. */
export interface Delivery {
  /** One of the documented paths, never what a client wrote. */
  readonly door: string;
  readonly status: string;
  readonly refused: boolean;
  /** As it came over the wire. */
  readonly bytes: number;
  readonly durationMs: number;
}

/** Where the process tells of its own work. It never waits, never throws, and costs no more under load. */
export interface SelfTraces {
  readonly instance: string;
  delivery(one: Delivery): void;
  stage(one: StageDone): void;
  /** Sends what waits, for a moment. */
  close(): Promise<void>;
}

/** Marks a request as some collector's own traces; its value names which. */
export const selfHeader = "custody-self";
