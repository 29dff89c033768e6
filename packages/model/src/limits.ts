/** Every number that bounds something, with its unit. Relations between them are asserted when this file loads. */
export const limits = {
  /** Canonical bytes of one record: C2SP entry bundles cap an entry at 65,535 bytes (compliance 6.2). */
  recordBytesMax: 65_535,
  /** One content value (prompt, arguments, output). Longer ones are cut, and the record says so. */
  contentValueBytesMax: 1_048_576,
  /** One string inside a body or attrs; longer ones are cut and marked. */
  bodyStringBytesMax: 2_048,
  /** Entries in one list of a body (flags, hosts, risk). */
  bodyListItemsMax: 64,
  /** Listed attributes kept in the canonical record. */
  attrsItemsMax: 128,
  /** Bytes of an OTLP request body on the wire. */
  requestBytesMax: 16_777_216,
  /** Bytes of an OTLP request body after decompression. */
  requestInflatedBytesMax: 67_108_864,
  /** Nesting of an OTLP AnyValue. */
  anyValueDepthMax: 32,
  /** Spans, log records or metric points in one request. */
  requestItemsMax: 100_000,
  /** Attributes and other list members in one protobuf request; the empty ones among them cost more memory than bytes. */
  requestValuesMax: 4_194_304,
  /** Objects, arrays and commas in one JSON request, counted before it is parsed. */
  jsonTokensMax: 8_388_608,
  /** Nesting of JSON text before it is parsed: an AnyValue takes up to four levels of it, its surroundings the rest. */
  jsonDepthMax: 160,
  /** Characters of resource and scope that an opaque payload repeats with its one item; longer ones are left out. */
  itemSurroundingsCharsMax: 4_096,
  /** Records in one batch file. */
  batchRecordsMax: 5_000,
  /** Bytes of one batch file before it is closed. */
  batchBytesMax: 8_388_608,
  /** How long a batch waits for company before it is written. */
  batchAgeMsMax: 20,
  /** Bytes of batch files on the disk, over all tenants of a data folder; above it the collector refuses (503). */
  journalBytesMax: 4_294_967_296,
  /** Bytes of the disk that the journal leaves free for the store, or a tenth of a smaller disk; below it the collector refuses (503). */
  diskFreeBytesMin: 268_435_456,
  /** Items of one page of a list. */
  pageItemsMax: 1_000,
  /** Items of one page where the caller names no number. */
  pageItemsDefault: 100,
  /** A seal is written at least this often while the log is up. */
  sealAgeMsMax: 60_000,
  /** A seal is written at most this often. */
  sealAgeMsMin: 1_000,
  /** An approval counts if it was received no later than this after the execution's record (design 4). */
  approvalLatenessMsMax: 900_000,
  /** `at` is the source's time if it lies this close to the time of receipt, else the time of receipt. */
  timeTrustMsMax: 86_400_000,
} as const;

if (limits.batchBytesMax > limits.journalBytesMax) {
  throw new RangeError("batchBytesMax exceeds journalBytesMax");
}
if (limits.requestInflatedBytesMax > limits.journalBytesMax) {
  throw new RangeError("the largest request would never fit into the journal");
}
if (limits.requestBytesMax > limits.requestInflatedBytesMax) {
  throw new RangeError("requestBytesMax exceeds requestInflatedBytesMax");
}
if (limits.anyValueDepthMax * 4 + 16 > limits.jsonDepthMax) {
  throw new RangeError("jsonDepthMax leaves no room for an AnyValue");
}
if (limits.bodyStringBytesMax * 8 > limits.recordBytesMax) {
  throw new RangeError("bodyStringBytesMax leaves no room for a record");
}
