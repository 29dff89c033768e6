import { limits as model } from "@custody/model";

/** Every number that bounds a run or a bundle, with its unit. */
export const limits = {
  /** Items of one control's population held in memory at a time. */
  populationRowsMax: 1_000_000,
  /** Tool calls judged at a time: the embedded engine gives a statement a quarter of its memory. */
  sliceRowsMax: 40_000,
  /** Rows of one page read from the store while a class is copied into a bundle. */
  pageRowsMax: 5_000,
  /** One evidence query; a population is a full scan of the range. */
  queryMsMax: 600_000,
  /** A record received up to this long before or after a period may belong to it: `at` trusts a source's time that far. */
  latenessMs: 86_400_000,
  /** An approval, and the first attestation of a sandbox, count if heard no later than this after what they cover. */
  approvalLatenessMs: 900_000,
  /** A session that talked this shortly before the end of the range is open, not cut off. */
  quietMs: 3_600_000,
  /** Open gaps above this share of a population make it untestable, in tenths of a per mille. */
  openGapShareMax: 50,
  /** Silence of the ledger above this makes a period untestable. */
  silenceMsMax: 86_400_000,
  /** How long to wait until a checkpoint covers the record of the run. */
  publishMsMax: 60_000,
  publishPollMs: 100,
  /** Characters of one agent-written string in a page or a table; what is longer is cut and marked. */
  cellCharsMax: 300,
  /** Inclusion proofs in one bundle: a bundle holds at most 10,000 files. */
  proofsMax: 4_000,
  /** Exceptions printed on a control's page; all of them are in its CSV. */
  printedExceptionsMax: 200,
} as const;

if (limits.pageRowsMax > limits.populationRowsMax) {
  throw new RangeError("pageRowsMax exceeds populationRowsMax");
}
if (limits.publishPollMs > limits.publishMsMax) {
  throw new RangeError("publishPollMs exceeds publishMsMax");
}
if (
  limits.latenessMs !== model.timeTrustMsMax ||
  limits.approvalLatenessMs !== model.approvalLatenessMsMax
) {
  throw new RangeError("lateness differs from what the model says");
}
