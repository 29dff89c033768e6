/** What comes in, and who is refused. */
export const riverMetrics = {
  custody_requests_total: {
    kind: "counter",
    unit: "requests",
    labels: ["door", "status"],
    help: "Requests answered, by path as it is documented and HTTP status, or gRPC code",
  },
  custody_request_seconds: {
    kind: "histogram",
    unit: "seconds",
    labels: ["door"],
    help: "From the headers of a request to its answer, refused ones included",
  },
  custody_inflight_bytes: {
    kind: "gauge",
    unit: "bytes",
    labels: [],
    help: "Bytes of requests being worked on",
  },
  custody_inflight_limit_bytes: {
    kind: "gauge",
    unit: "bytes",
    labels: [],
    help: "Bytes of requests being worked on above which others are refused as full",
  },
  custody_records_received_total: {
    kind: "counter",
    unit: "records",
    labels: [],
    help: "Records offered to the ledger, duplicates included",
  },
  custody_records_committed_total: {
    kind: "counter",
    unit: "records",
    labels: [],
    help: "Records journalled, fsynced and acknowledged",
  },
  custody_records_duplicate_total: {
    kind: "counter",
    unit: "records",
    labels: [],
    help: "Records that were there already, with the same claim",
  },
  custody_items_opaque_total: {
    kind: "counter",
    unit: "items",
    labels: [],
    help: "Items no dialect claimed, kept as opaque records",
  },
  custody_items_noise_total: {
    kind: "counter",
    unit: "items",
    labels: [],
    help: "Items kept as compact counts by name",
  },
  custody_drift_total: {
    kind: "counter",
    unit: "items",
    labels: ["agent", "version", "kind", "name"],
    help: "Items that strayed from what their dialect was written against",
  },
  custody_refused_total: {
    kind: "counter",
    unit: "requests, records",
    labels: ["reason"],
    help: "Requests and records refused, by reason",
  },
  custody_source_records_total: {
    kind: "counter",
    unit: "records",
    labels: ["source"],
    help: "Records offered to the ledger, by tenant, kind and subject of the credential",
  },
  custody_source_refused_total: {
    kind: "counter",
    unit: "requests, records",
    labels: ["source", "reason"],
    help: "Requests and records refused, by credential and reason",
  },
  custody_source_heard_timestamp_seconds: {
    kind: "gauge",
    unit: "seconds",
    labels: ["source"],
    help: "When a credential last had records taken, as Unix time; nothing before its first since the start",
  },
} as const;
