import { type FieldRow, type Message, message } from "./schema.ts";

/** The messages of OTLP 1.x that this package reads, by field number. What is not listed here is skipped, as protobuf asks of a reader. */

export const anyValue: Message = message("AnyValue", () => [
  [1, "stringValue", "string", "oneof"],
  [2, "boolValue", "bool", "oneof"],
  [3, "intValue", "int64", "oneof"],
  [4, "doubleValue", "double", "oneof"],
  [5, "arrayValue", arrayValue, "oneof"],
  [6, "kvlistValue", keyValueList, "oneof"],
  [7, "bytesValue", "base64", "oneof"],
]);

const keyValue: Message = message("KeyValue", () => [
  [1, "key", "string"],
  [2, "value", anyValue],
]);

const arrayValue = message("ArrayValue", () => [[1, "values", anyValue, "repeated"]]);
const keyValueList = message("KeyValueList", () => [[1, "values", keyValue, "repeated"]]);

export const resource: Message = message("Resource", () => [
  [1, "attributes", keyValue, "repeated"],
  [2, "droppedAttributesCount", "uint32"],
]);

export const scope: Message = message("InstrumentationScope", () => [
  [1, "name", "string"],
  [2, "version", "string"],
  [3, "attributes", keyValue, "repeated"],
  [4, "droppedAttributesCount", "uint32"],
]);

export const spanEvent: Message = message("Span.Event", () => [
  [1, "timeUnixNano", "fixed64"],
  [2, "name", "string"],
  [3, "attributes", keyValue, "repeated"],
  [4, "droppedAttributesCount", "uint32"],
]);

const spanLink = message("Span.Link", () => [
  [1, "traceId", "hex"],
  [2, "spanId", "hex"],
  [3, "traceState", "string"],
  [4, "attributes", keyValue, "repeated"],
  [5, "droppedAttributesCount", "uint32"],
  [6, "flags", "fixed32"],
]);

const statusCodes = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];

export const spanStatus: Message = message("Status", () => [
  [2, "message", "string"],
  [3, "code", "enum", statusCodes],
]);

const spanKinds = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"].map(
  (kind) => `SPAN_KIND_${kind}`,
);

export const span: Message = message("Span", () => [
  [1, "traceId", "hex"],
  [2, "spanId", "hex"],
  [3, "traceState", "string"],
  [4, "parentSpanId", "hex"],
  [5, "name", "string"],
  [6, "kind", "enum", spanKinds],
  [7, "startTimeUnixNano", "fixed64"],
  [8, "endTimeUnixNano", "fixed64"],
  [9, "attributes", keyValue, "repeated"],
  [10, "droppedAttributesCount", "uint32"],
  [11, "events", spanEvent, "repeated"],
  [12, "droppedEventsCount", "uint32"],
  [13, "links", spanLink, "repeated"],
  [14, "droppedLinksCount", "uint32"],
  [15, "status", spanStatus],
  [16, "flags", "fixed32"],
]);

const severities = [
  "SEVERITY_NUMBER_UNSPECIFIED",
  ...["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"].flatMap((level) =>
    ["", "2", "3", "4"].map((step) => `SEVERITY_NUMBER_${level}${step}`),
  ),
];

export const logRecord: Message = message("LogRecord", () => [
  [1, "timeUnixNano", "fixed64"],
  [2, "severityNumber", "enum", severities],
  [3, "severityText", "string"],
  [5, "body", anyValue],
  [6, "attributes", keyValue, "repeated"],
  [7, "droppedAttributesCount", "uint32"],
  [8, "flags", "fixed32"],
  [9, "traceId", "hex"],
  [10, "spanId", "hex"],
  [11, "observedTimeUnixNano", "fixed64"],
  [12, "eventName", "string"],
]);

const exemplar = message("Exemplar", () => [
  [2, "timeUnixNano", "fixed64"],
  [3, "asDouble", "double", "oneof"],
  [4, "spanId", "hex"],
  [5, "traceId", "hex"],
  [6, "asInt", "sfixed64", "oneof"],
  [7, "filteredAttributes", keyValue, "repeated"],
]);

export const numberPoint: Message = message("NumberDataPoint", () => [
  [2, "startTimeUnixNano", "fixed64"],
  [3, "timeUnixNano", "fixed64"],
  [4, "asDouble", "double", "oneof"],
  [5, "exemplars", exemplar, "repeated"],
  [6, "asInt", "sfixed64", "oneof"],
  [7, "attributes", keyValue, "repeated"],
  [8, "flags", "uint32"],
]);

export const histogramPoint: Message = message("HistogramDataPoint", () => [
  [2, "startTimeUnixNano", "fixed64"],
  [3, "timeUnixNano", "fixed64"],
  [4, "count", "fixed64"],
  [5, "sum", "double", "optional"],
  [6, "bucketCounts", "fixed64", "repeated"],
  [7, "explicitBounds", "double", "repeated"],
  [8, "exemplars", exemplar, "repeated"],
  [9, "attributes", keyValue, "repeated"],
  [10, "flags", "uint32"],
  [11, "min", "double", "optional"],
  [12, "max", "double", "optional"],
]);

const buckets = message("Buckets", () => [
  [1, "offset", "sint32"],
  [2, "bucketCounts", "uint64", "repeated"],
]);

export const exponentialPoint: Message = message("ExponentialHistogramDataPoint", () => [
  [1, "attributes", keyValue, "repeated"],
  [2, "startTimeUnixNano", "fixed64"],
  [3, "timeUnixNano", "fixed64"],
  [4, "count", "fixed64"],
  [5, "sum", "double", "optional"],
  [6, "scale", "sint32"],
  [7, "zeroCount", "fixed64"],
  [8, "positive", buckets],
  [9, "negative", buckets],
  [10, "flags", "uint32"],
  [11, "exemplars", exemplar, "repeated"],
  [12, "min", "double", "optional"],
  [13, "max", "double", "optional"],
  [14, "zeroThreshold", "double"],
]);

const quantile = message("ValueAtQuantile", () => [
  [1, "quantile", "double"],
  [2, "value", "double"],
]);

export const summaryPoint: Message = message("SummaryDataPoint", () => [
  [2, "startTimeUnixNano", "fixed64"],
  [3, "timeUnixNano", "fixed64"],
  [4, "count", "fixed64"],
  [5, "sum", "double"],
  [6, "quantileValues", quantile, "repeated"],
  [7, "attributes", keyValue, "repeated"],
  [8, "flags", "uint32"],
]);

const temporalities = ["UNSPECIFIED", "DELTA", "CUMULATIVE"].map(
  (word) => `AGGREGATION_TEMPORALITY_${word}`,
);

const temporality: FieldRow = [2, "aggregationTemporality", "enum", temporalities];

/** The metric message; without its points it is what they share. */
function metricMessage(withPoints: boolean): Message {
  const data = (name: string, point: Message, ...rest: readonly FieldRow[]): Message =>
    message(name, () => (withPoints ? [[1, "dataPoints", point, "repeated"], ...rest] : [...rest]));
  const sum = data("Sum", numberPoint, temporality, [3, "isMonotonic", "bool"]);
  const exponential = data("ExponentialHistogram", exponentialPoint, temporality);
  return message("Metric", () => [
    [1, "name", "string"],
    [2, "description", "string"],
    [3, "unit", "string"],
    [5, "gauge", data("Gauge", numberPoint), "oneof"],
    [7, "sum", sum, "oneof"],
    [9, "histogram", data("Histogram", histogramPoint, temporality), "oneof"],
    [10, "exponentialHistogram", exponential, "oneof"],
    [11, "summary", data("Summary", summaryPoint), "oneof"],
    [12, "metadata", keyValue, "repeated"],
  ]);
}

export const metric: Message = metricMessage(true);
export const metricHead: Message = metricMessage(false);
