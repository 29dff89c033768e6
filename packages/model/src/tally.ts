/** What a source's metrics count, in our words. Each is held against the records of the same session, and never added to them. */
export const tallyMeasures = [
  "input_tokens",
  "cached_input_tokens",
  "cache_write_tokens",
  "output_tokens",
  "reasoning_tokens",
  /** Whole millionths: the canonical form has no fractions. */
  "cost_usd_micros",
  "inferences",
  "tool_calls",
  "tool_calls_failed",
  /** Verdicts on calls that change files: of some sources the only verdicts that are counted. */
  "edit_verdicts",
  "turns",
  /** Starts of a process in a session: one that is resumed starts again. */
  "starts",
] as const;
export type TallyMeasure = (typeof tallyMeasures)[number];

/** Which points of a metric count what. A point that no row of its dialect's table takes is counted noise. */
export interface TallyRow {
  readonly metric: string;
  /** Attributes with the texts that the point must have. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  readonly measure: TallyMeasure;
  /** Units of the measure in one of the metric; absent: 1. */
  readonly times?: number;
}

export const temporalities = ["delta", "cumulative", "unspecified"] as const;
export type Temporality = (typeof temporalities)[number];

/** The detail of `integrity{tally}`: one point of one series, as the source counted it. */
export interface Tally {
  readonly metric: string;
  readonly measure: TallyMeasure;
  readonly temporality: Temporality;
  /** Null where the source does not say when it began to count. */
  readonly start: string | null;
  readonly time: string;
  readonly value: number;
  /** `name=text` of the attributes that tell the series from others, in order; never who the user was. */
  readonly tags: readonly string[];
}

/** One measure, as one metric of a source counts it, held against the records. Two metrics, or two temporalities, are two of these. */
export interface CrossCheck {
  readonly measure: TallyMeasure;
  readonly metric: string;
  /** Null where the records cannot say. */
  readonly records: number | null;
  readonly metrics: number;
  readonly temporality: Temporality;
  /** Null where it cannot be said, or not yet; `why` says which. */
  readonly agrees: boolean | null;
  readonly why: string;
}
