// Every bound on a hostile bundle, with its unit.

export const limits = {
  /** Files in one bundle: sixteen controls of eight files, and proofs. */
  bundleFilesMax: 10_000,
  pathCharsMax: 200,
  /** One file: the classic ZIP format cannot name a longer one. */
  fileBytesMax: 4_294_967_294,
  /** All files together, inflated. */
  bundleBytesMax: 17_179_869_184,
  /** How much a file may grow when inflated, above `ratioFreeBytes`. Deflate itself ends near 1,032. */
  inflateRatioMax: 250,
  ratioFreeBytes: 1_048_576,
  /** manifest.json, result.json, params.json, SHA256SUMS, proofs: read as one text. */
  textFileBytesMax: 67_108_864,
  /** Nesting of our own JSON files. */
  jsonDepthMax: 64,
  /** One line of records: an entry of 65,535 bytes whose every byte is escaped, and its frame. */
  rowLineBytesMax: 131_200,
  /** Seals in log/seals.jsonl. */
  sealsMax: 1_000,
  csvColumnsMax: 64,
  csvFieldBytesMax: 65_535,
  /** Findings of one code that are told one by one; the rest is counted. */
  findingsPerCodeMax: 20,
} as const;

if (limits.fileBytesMax > limits.bundleBytesMax) {
  throw new RangeError("fileBytesMax exceeds bundleBytesMax");
}
