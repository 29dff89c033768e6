/** Every limit of this package, with its unit in its name. The checks below run when it is loaded. */
export const limits = {
  /** Longest text kept of one argument list, result, reason or message. */
  contentCharsMax: 32_768,
  /** Longest text kept of an observation on its own span; its digest covers all of it. */
  excerptCharsMax: 2_048,
  /** Read past the cut while masking, so that a secret on the cut is masked as a whole. */
  maskMarginChars: 4_096,
  /** Longest result that is parsed in search of an exit code. */
  outcomeCharsMax: 262_144,
  callsPerSessionMax: 4_096,
  turnsPerSessionMax: 1_000,
  queueSpansMax: 2_048,
  /** Of the attributes of all waiting spans: what bounds memory when contents are large. */
  queueCharsMax: 32_000_000,
  batchSpansMax: 256,
  sendDelayMs: 1_000,
  sendBackoffMsMax: 30_000,
  flushTimeoutMs: 2_000,
  exportTimeoutMs: 10_000,
  /** A request that failed this recently may be what the process was waiting for. */
  justFailedMs: 100,
  clockSlipMsMax: 50,
} as const;

if (limits.batchSpansMax > limits.queueSpansMax) {
  throw new RangeError("batchSpansMax exceeds queueSpansMax");
}
if (limits.excerptCharsMax > limits.contentCharsMax) {
  throw new RangeError("excerptCharsMax exceeds contentCharsMax");
}
