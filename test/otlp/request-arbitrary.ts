import type { Signal } from "@custody/otlp";
import fc from "fast-check";

/** Random export requests as OTLP/JSON, in the form a protobuf exporter could have sent: every field, every kind of value. */

const nanos = fc.oneof(
  fc.constant("0"),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  fc.bigInt({ min: 1_700_000_000_000_000_000n, max: 1_800_000_000_000_000_000n }).map(String),
);
const uint64 = fc.oneof(
  fc.nat(1000).map(String),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
);
const int64 = fc.oneof(
  fc.integer({ min: -5, max: 5 }).map(String),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.constantFrom("9007199254740991", "9007199254740992", "-9007199254740991", "-9007199254740992"),
);
const uint32 = fc.nat(0xffff_ffff);
// JSON.stringify writes minus zero as 0, so the two encodings could not agree on it.
const double = fc
  .oneof(fc.double(), fc.integer())
  .map((value) => (Number.isFinite(value) ? value + 0 : String(value)));
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.string({ maxLength: 80 }),
  fc.constantFrom("", "true", "false", "42", "-7.0", "1e3", "0x10", " 5 ", "__proto__"),
);
const key = fc.oneof(
  fc.constantFrom("a", "ab", "event.name", "session.id", "", "__proto__", "constructor", "名前"),
  fc.string({ maxLength: 20 }),
);
const hex = (bytes: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc
      .uint8Array({ minLength: bytes, maxLength: bytes })
      .map((id) => Buffer.from(id).toString("hex")),
    fc.constantFrom("", "00".repeat(bytes), "abcd"),
  );
const flags = fc.constantFrom(0, 1, 257);

const { anyValue } = fc.letrec<{ anyValue: object }>((tie) => ({
  anyValue: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    fc.record({ stringValue: text }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: int64 }),
    fc.record({ doubleValue: double }),
    fc.record({
      bytesValue: fc.uint8Array({ maxLength: 9 }).map((b) => Buffer.from(b).toString("base64")),
    }),
    fc.constant({}),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie("anyValue"), { maxLength: 3 }) }) }),
    fc.record({
      kvlistValue: fc.record({
        values: fc.array(fc.record({ key, value: tie("anyValue") }), { maxLength: 3 }),
      }),
    }),
  ),
}));

const attributes = fc.oneof(
  fc.array(fc.record({ key, value: anyValue }, { requiredKeys: ["key"] }), { maxLength: 6 }),
  // Longer than what is searched: such lists are looked up through an index.
  fc.array(fc.record({ key: fc.nat(70).map((n) => `k${n}`), value: anyValue }), {
    minLength: 49,
    maxLength: 60,
  }),
);
const resource = fc.record({ attributes, droppedAttributesCount: uint32 }, { requiredKeys: [] });
const scope = fc.record(
  { name: text, version: text, attributes, droppedAttributesCount: uint32 },
  { requiredKeys: [] },
);

const event = fc.record(
  { timeUnixNano: nanos, name: text, attributes, droppedAttributesCount: uint32 },
  { requiredKeys: [] },
);
const link = fc.record(
  { traceId: hex(16), spanId: hex(8), traceState: text, attributes, flags },
  { requiredKeys: [] },
);
const status = fc.record({ message: text, code: fc.constantFrom(0, 1, 2) }, { requiredKeys: [] });
const span = fc.record(
  {
    traceId: hex(16),
    spanId: hex(8),
    traceState: text,
    parentSpanId: hex(8),
    name: text,
    kind: fc.integer({ min: -1, max: 6 }),
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes,
    droppedAttributesCount: uint32,
    events: fc.array(event, { maxLength: 2 }),
    droppedEventsCount: uint32,
    links: fc.array(link, { maxLength: 2 }),
    droppedLinksCount: uint32,
    status,
    flags,
  },
  { requiredKeys: [] },
);

const logRecord = fc.record(
  {
    timeUnixNano: nanos,
    severityNumber: fc.nat(24),
    severityText: text,
    body: anyValue,
    attributes,
    droppedAttributesCount: uint32,
    flags,
    traceId: hex(16),
    spanId: hex(8),
    observedTimeUnixNano: nanos,
    eventName: text,
  },
  { requiredKeys: [] },
);

const number = fc.oneof(
  fc.record({ asDouble: double }),
  fc.record({ asInt: int64 }),
  fc.constant({}),
);
const exemplar = fc
  .tuple(
    fc.record(
      { timeUnixNano: nanos, spanId: hex(8), traceId: hex(16), filteredAttributes: attributes },
      { requiredKeys: [] },
    ),
    number,
  )
  .map(([rest, value]) => ({ ...rest, ...value }));
const exemplars = fc.array(exemplar, { maxLength: 1 });
const times = { startTimeUnixNano: nanos, timeUnixNano: nanos };
const point = (fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> =>
  fc.record({ ...times, attributes, flags, ...fields }, { requiredKeys: [] });
const points = (one: fc.Arbitrary<object>): { dataPoints: fc.Arbitrary<object[]> } => ({
  dataPoints: fc.array(one, { maxLength: 3 }),
});
const numberPoint = fc
  .tuple(point({ exemplars }), number)
  .map(([rest, value]) => ({ ...rest, ...value }));
const counted = { count: uint64, sum: double };
const bounded = { ...counted, min: double, max: double, exemplars };
const histogramPoint = point({
  ...bounded,
  bucketCounts: fc.array(uint64, { maxLength: 3 }),
  explicitBounds: fc.array(double, { maxLength: 3 }),
});
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const buckets = fc.record(
  { offset: int32, bucketCounts: fc.array(uint64, { maxLength: 3 }) },
  { requiredKeys: [] },
);
const exponentialPoint = point({
  ...bounded,
  scale: int32,
  zeroCount: uint64,
  positive: buckets,
  negative: buckets,
  zeroThreshold: double,
});
const quantile = fc.record({ quantile: double, value: double }, { requiredKeys: [] });
const summaryPoint = point({ ...counted, quantileValues: fc.array(quantile, { maxLength: 2 }) });
const aggregationTemporality = fc.nat(3);
const data = fc.oneof(
  fc.record({ gauge: fc.record(points(numberPoint)) }),
  fc.record({
    sum: fc.record({ ...points(numberPoint), aggregationTemporality, isMonotonic: fc.boolean() }),
  }),
  fc.record({ histogram: fc.record({ ...points(histogramPoint), aggregationTemporality }) }),
  fc.record({
    exponentialHistogram: fc.record({ ...points(exponentialPoint), aggregationTemporality }),
  }),
  fc.record({ summary: fc.record(points(summaryPoint)) }),
  fc.constant({}),
);
const metric = fc
  .tuple(
    fc.record(
      { name: text, description: text, unit: text, metadata: attributes },
      { requiredKeys: [] },
    ),
    data,
  )
  .map(([rest, held]) => ({ ...rest, ...held }));

function requestOf(
  items: string,
  suffix: string,
  item: fc.Arbitrary<object>,
): fc.Arbitrary<object> {
  const optional = { requiredKeys: [] };
  const ofScope = fc.record(
    { scope, [items]: fc.array(item, { maxLength: 3 }), schemaUrl: text },
    optional,
  );
  const ofResource = fc.record(
    { resource, [`scope${suffix}`]: fc.array(ofScope, { maxLength: 2 }), schemaUrl: text },
    optional,
  );
  return fc.record({ [`resource${suffix}`]: fc.array(ofResource, { maxLength: 2 }) });
}

export const requests: Readonly<Record<Signal, fc.Arbitrary<object>>> = {
  traces: requestOf("spans", "Spans", span),
  logs: requestOf("logRecords", "Logs", logRecord),
  metrics: requestOf("metrics", "Metrics", metric),
};
