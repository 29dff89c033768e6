/** What bounds a scorecard and an account of completeness, with units. */
export const postureLimits = {
  windowMsMax: 31 * 86_400_000,
  windowMsDefault: 7 * 86_400_000,
  /** A session that said nothing for this long and did not end is not clean. */
  quietMs: 1_800_000,
  /** A standing grant that was first used before this is stale. */
  staleGrantMs: 90 * 86_400_000,
  /** Moments of one window at which policies change. */
  edgesMax: 1_000,
  /** Gaps and silent ones that are named. */
  namedMax: 500,
} as const;
