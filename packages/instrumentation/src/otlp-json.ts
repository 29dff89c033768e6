import type { HrTime, SpanContext } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import { type AttributeList, type AttributeValue, isTexts } from "./attribute-list.ts";
import { statusError } from "./otel.ts";
import { type SpanRecord, scopeName } from "./span-record.ts";
import { version } from "./version.ts";

/** Encodes spans as an OTLP/JSON export request (opentelemetry-proto, JSON Protobuf encoding). */
export function createTraceEncoder(
  resource: Resource,
): (spans: readonly SpanRecord[]) => Uint8Array {
  const attributes = Object.entries(resource.attributes).flatMap(([name, value]) =>
    isPlain(value) ? [name, value] : [],
  );
  const scope = `"scope":{"name":${text(scopeName)},"version":${text(version)}}`;
  const head = `{"resourceSpans":[{"resource":{"attributes":[${encodeAttributes(attributes)}]},"scopeSpans":[{${scope},"spans":[`;
  return (spans) => Buffer.from(`${head}${spans.map(encodeSpan).join(",")}]}]}]}`, "utf8");
}

function isPlain(value: unknown): value is AttributeValue {
  return ["string", "number", "boolean"].includes(typeof value) || Array.isArray(value);
}

function encodeSpan(span: SpanRecord): string {
  const { context, parent, follows } = span;
  const parentId = parent === undefined ? "" : `"parentSpanId":"${parent.spanId}",`;
  const links = follows === undefined ? "" : `"links":[{${encodeIds(follows)}}],`;
  const status = span.failed ? `{"code":${statusError}}` : "{}";
  // The kinds of the API count from zero, those on the wire from one.
  return `{${encodeIds(context)},${parentId}"name":${text(span.name)},"kind":${span.kind + 1},"startTimeUnixNano":"${nanos(span.startTime)}","endTimeUnixNano":"${nanos(span.endTime)}",${links}"attributes":[${encodeCommon(span.common)}${encodeAttributes(span.attributes)}],"status":${status}}`;
}

function encodeIds({ traceId, spanId }: SpanContext): string {
  return `"traceId":"${traceId}","spanId":"${spanId}"`;
}

function encodeAttributes(attributes: AttributeList): string {
  let encoded = "";
  for (let at = 0; at < attributes.length; at += 2) {
    if (at > 0) encoded += ",";
    encoded += `${keyOf(String(attributes[at]))}${encodeValue(attributes[at + 1] ?? "")}}`;
  }
  return encoded;
}

/** The shared attributes are encoded once for each list, and there is one list per session. */
const encodedCommon = new WeakMap<AttributeList, string>();

function encodeCommon(common: AttributeList): string {
  let encoded = encodedCommon.get(common);
  if (encoded === undefined) {
    // Every span has attributes of its own to follow.
    encoded = common.length === 0 ? "" : `${encodeAttributes(common)},`;
    encodedCommon.set(common, encoded);
  }
  return encoded;
}

/** The beginning of an attribute by its name; the names are a closed table, and so is this map. */
const keys = new Map<string, string>();

function keyOf(name: string): string {
  let key = keys.get(name);
  if (key === undefined) {
    key = `{"key":${text(name)},"value":`;
    keys.set(name, key);
  }
  return key;
}

function encodeValue(value: AttributeValue): string {
  if (typeof value === "string") return `{"stringValue":${text(value)}}`;
  if (typeof value === "boolean") return `{"boolValue":${value}}`;
  if (isTexts(value)) return `{"arrayValue":{"values":[${value.map(encodeValue).join(",")}]}}`;
  return Number.isSafeInteger(value) ? `{"intValue":${value}}` : `{"doubleValue":${text(value)}}`;
}

/** JSON of a string or a number. Half a surrogate pair becomes an escape, which every reader takes. */
function text(value: string | number): string {
  return JSON.stringify(value);
}

function nanos([seconds, rest]: HrTime): string {
  return `${seconds}${String(rest).padStart(9, "0")}`;
}
