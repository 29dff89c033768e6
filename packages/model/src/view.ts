/**
 * Attribute views: typed, lazy access by name to what a source sent. A view may stand on a parsed JSON object or on borrowed protobuf
 * bytes; dialects cannot tell which. A view is valid only until the call it was passed to returns: copy what you keep.
 */

/** An OTLP AnyValue. 64-bit integers that pass 2^53 arrive as decimal strings in `int`. Bytes are base64. */
export type AnyValue =
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "int"; readonly value: number | string }
  | { readonly type: "double"; readonly value: number }
  | { readonly type: "bytes"; readonly value: string }
  | { readonly type: "array"; readonly value: readonly AnyValue[] }
  | { readonly type: "kvlist"; readonly value: Readonly<Record<string, AnyValue>> }
  | { readonly type: "empty" };

/**
 * One coercion layer for all sources: ints arrive as strings and numbers, booleans as strings (agent-telemetry 15.3).
 * Each getter answers undefined where the attribute is absent, empty, or has no such reading. The last of two equal names wins.
 */
export interface AttributeView {
  /** Text of a string, number or boolean; arrays and lists as JSON text. The empty string is a string. */
  text(name: string): string | undefined;
  /** A safe integer, also from numeric text and from doubles without a fraction. */
  integer(name: string): number | undefined;
  /** A finite number. */
  number(name: string): number | undefined;
  /** Also from the texts `true` and `false`. */
  boolean(name: string): boolean | undefined;
  /** The value as sent. */
  value(name: string): AnyValue | undefined;
  /** Whether it is there at all, whatever its value: the cheap question. */
  has(name: string): boolean;
  names(): Iterable<string>;
}

export interface ScopeView {
  readonly name: string;
  readonly version: string;
}

interface Placed {
  readonly resource: AttributeView;
  readonly scope: ScopeView;
  readonly attributes: AttributeView;
  /** Compact OTLP/JSON of this one item, for `opaque` records. */
  json(): string;
}

export interface SpanEventView {
  readonly name: string;
  readonly time: string | undefined;
  readonly attributes: AttributeView;
}

/** Ids are lower-case hex, undefined where empty, all zero or of the wrong length. Times are our RFC 3339 form, undefined where 0. */
export interface SpanView extends Placed {
  readonly signal: "span";
  readonly name: string;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly parentSpanId: string | undefined;
  readonly kind: number;
  readonly start: string | undefined;
  readonly end: string | undefined;
  /** 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly statusMessage: string;
  events(): readonly SpanEventView[];
}

export interface LogView extends Placed {
  readonly signal: "log";
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly time: string | undefined;
  readonly observedTime: string | undefined;
  readonly severityNumber: number;
  readonly eventName: string;
  readonly body: AnyValue | undefined;
}

/** One data point. Sums keep their temporality: delta and cumulative are never mixed. */
export interface MetricView extends Placed {
  readonly signal: "metric";
  readonly name: string;
  readonly unit: string;
  readonly type: "gauge" | "sum" | "histogram" | "exponential_histogram" | "summary";
  readonly temporality: "delta" | "cumulative" | "unspecified";
  readonly monotonic: boolean;
  readonly start: string | undefined;
  readonly time: string | undefined;
  /** The value of a gauge or sum, the sum of a histogram. */
  readonly value: number | undefined;
  readonly count: number | undefined;
}

export type SignalView = SpanView | LogView | MetricView;
