import type { SignalView } from "./view.ts";

/**
 * How telemetry strays from what a dialect was written against, the worst first: an event of a name nobody knew; one of a known name that
 * could not be read; an attribute that every capture had and this item has not; a release that none of the captures is of; and an item
 * of a sender whose words no dialect reads at all.
 */
export const driftKinds = [
  "unknown_event",
  "unreadable_event",
  "attribute_missing",
  "version_unseen",
  "unclaimed",
] as const;
export type DriftKind = (typeof driftKinds)[number];

/** Agent and release that sent an item, as its records name them. */
export interface Sender {
  readonly agent: string;
  readonly version: string | undefined;
}

/** One stray of one item. The names are the sender's own text: hostile, unbounded, and not yet masked. */
export interface Drift extends Sender {
  readonly kind: DriftKind;
  /** The event, or `event/attribute`; empty where the release itself is what strays. */
  readonly name: string;
}

/** What a dialect was written against, as data, so that what strays from it is counted instead of guessed at. */
export interface Expectation {
  sender(item: SignalView): Sender;
  /**
   * Releases whose telemetry is in the fixtures or whose source was read: whole versions, or a prefix ending in a dot (`0.169.`).
   * Undefined: the release of this sender says nothing about the shape of what it sends (conventions).
   */
  readonly versions: readonly string[] | undefined;
  /** The name the dialect dispatches on (event, span, operation or metric); undefined where the item has none. */
  eventOf(item: SignalView): string | undefined;
  /**
   * By name, attributes that every item of it had in every capture, and that the dialect reads: asked of each item, so no longer than
   * it must be. A known name with nothing to expect may stand with an empty list: left to opaque, it is then `unreadable_event`.
   */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}
