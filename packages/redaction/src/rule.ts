/** A half-open range of UTF-16 units of a text that holds a secret. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a rule found, or that it found nothing here. The engine resumes at `end`, so every unit is masked at most once. */
export type Match = Span | undefined;

/**
 * One kind of secret. `anchors` are literals that the engine looks for; only there is `match` asked, with the anchor's position.
 * A matcher reads a bounded number of units ahead of what it masks, so that a scan stays linear for hostile text.
 */
export interface Rule {
  readonly id: string;
  readonly description: string;
  /** Where the format is documented. */
  readonly source: string;
  readonly anchors: readonly string[];
  /** True where the anchors are names that people write in any case. */
  readonly anyCase?: boolean;
  readonly match: (text: string, at: number, anchor: string) => Match;
}
