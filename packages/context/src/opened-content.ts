/** Content that the reader may see, opened. */
export interface OpenedContent {
  /** Id of the record it belongs to. */
  readonly record: string;
  readonly path: string;
  readonly text: string;
}
