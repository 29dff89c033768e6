import type { SignalView } from "./view.ts";

/**
 * How telemetry strays from what a dialect was written against: an event of a name nobody knew, an attribute that every capture had and this
 * item has not, a release that none of the captures is of.
 */
export const driftKinds = ["unknown_event", "attribute_missing", "version_unseen"] as const;
export type DriftKind = (typeof driftKinds)[number];

/** What a dialect was written against, as data, so that what strays from it is counted instead of guessed at. */
export interface Expectation {
  /** Agent and release that sent the item, as its records name them. */
  sender(item: SignalView): { readonly agent: string; readonly version: string | undefined };
  /**
   * Releases whose telemetry is in the fixtures or whose source was read: whole versions, or a prefix ending in a dot (`0.169.`).
   * Undefined: the release of this sender says nothing about the shape of what it sends (conventions).
   */
  readonly versions: readonly string[] | undefined;
  /** The name the dialect dispatches on (event, span, operation or metric); undefined where the item has none. */
  eventOf(item: SignalView): string | undefined;
  /** Attributes that every item of this name had in every capture; a known name with nothing to expect is absent. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}
