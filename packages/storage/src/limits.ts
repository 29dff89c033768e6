/** Every number that bounds something in the store, with its unit. */
export const storageLimits = {
  /** Cap of the embedded engine; resident memory overshoots it by up to half (performance 1.6). */
  engineBytesMax: 1_000_000_000,
  markCacheBytesMax: 67_108_864,
  indexCacheBytesMax: 67_108_864,
  /** Sessions run one statement at a time, so their number is the parallelism. */
  writersMax: 2,
  readersMax: 2,
  /** Statements that wait for a session before the next is refused. */
  waitingMax: 256,
  /** One statement with its literals in place. */
  statementBytesMax: 8_388_608,
  /** A statement of a screen or an answer. */
  readTimeoutMs: 20_000,
  /** An insert into a server that has no answer after this long is given up and repaired. */
  insertTimeoutMs: 120_000,
  /** A fence is greater than the last by up to this many, at random, so that no two attempts ever carry the same. */
  fenceStepMax: 1_048_576,
  /** A statement of an evidence run, an export or fsck: `timeoutMs` above `readTimeoutMs` goes to a session of its own. */
  longReadTimeoutMs: 600_000,
  resultRowsMax: 1_000_000,
  readMemoryShare: 4,
  /** Rows of one page of `leafRows` or `classRange`. */
  leafPageRows: 2_000,
  /** Ids, sessions or calls in one list parameter. */
  listItemsMax: 10_000,
  /** Records of drift that one question reads: as many deliveries strayed. */
  driftRecordsMax: 20_000,
  /** Points of one agent's metrics that one question reads. */
  talliesMax: 10_000,
  /** Events of one numbered source that are read to find its holes, and other sources that it may go on from. */
  numberedEventsMax: 100_000,
  otherSourcesMax: 20,
  /** Records of gaps that one question reads. */
  gapRecordsMax: 20_000,
  /** Groups of like sessions, actions or flows of one scorecard, sources of one account of completeness, and lists of those expected. */
  postureGroupsMax: 20_000,
  sourcesMax: 5_000,
  expectedRecordsMax: 5_000,
  /** Words of one search. */
  searchWordsMax: 16,
} as const;

if (storageLimits.readTimeoutMs >= storageLimits.longReadTimeoutMs) {
  throw new RangeError("readTimeoutMs is not below longReadTimeoutMs");
}
