import type { LogView, MetricView, SignalView, SpanView } from "@custody/model";
import { decodeOtlp, type Malformed, type Signal } from "@custody/otlp";
import { encodeRequest } from "./protobuf.ts";

/** The items of a request that must be sound. */
export function itemsOf(
  signal: Signal,
  encoding: "protobuf" | "json",
  bytes: Uint8Array,
): readonly SignalView[] {
  const result = decodeOtlp(signal, encoding, bytes);
  if (result.outcome !== "ok") throw new Error(`${result.reason} at ${result.position}`);
  return result.items;
}

/** The refusal of a request that must not be sound. */
export function refusalOf(
  signal: Signal,
  encoding: "protobuf" | "json",
  bytes: Uint8Array,
): Malformed {
  const result = decodeOtlp(signal, encoding, bytes);
  if (result.outcome === "ok") throw new Error(`${result.items.length} items were read`);
  return result;
}

/** One span, from JSON and from protobuf. */
export function bothSpans(span: object): readonly SpanView[] {
  return both("traces", { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }).filter(
    (view) => view.signal === "span",
  );
}

export function bothLogs(logRecord: object): readonly LogView[] {
  return both("logs", { resourceLogs: [{ scopeLogs: [{ logRecords: [logRecord] }] }] }).filter(
    (view) => view.signal === "log",
  );
}

export function bothMetrics(metric: object): readonly MetricView[] {
  return both("metrics", { resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] }).filter(
    (view) => view.signal === "metric",
  );
}

/** The items of a request, first from its JSON, then from its protobuf. */
export function both(signal: Signal, request: object): readonly SignalView[] {
  const json = Buffer.from(JSON.stringify(request));
  return [
    ...itemsOf(signal, "json", json),
    ...itemsOf(signal, "protobuf", encodeRequest(signal, request)),
  ];
}

/** The items of JSON text, for what JSON.stringify cannot write. */
export function jsonItems(signal: Signal, text: string): readonly SignalView[] {
  return itemsOf(signal, "json", Buffer.from(text));
}

/** A request of one span with one attribute, around the given JSON text of its value. */
export function attributeText(value: string): string {
  return `{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"a","value":${value}}]}]}]}]}`;
}
