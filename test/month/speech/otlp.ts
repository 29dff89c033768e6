/** OTLP as JSON: what a source's exporter would send. */
type Value = string | number | boolean | undefined;
export type Values = Readonly<Record<string, Value>>;

/** One record or span on its way, and when it was made. */
export interface Item {
  readonly at: number;
  readonly signal: "logs" | "traces";
  readonly json: object;
}

export interface Source {
  readonly resource: Values;
  readonly scope: { readonly name: string; readonly version?: string };
}

const attributes = (values: Values): readonly object[] =>
  Object.entries(values).flatMap(([key, value]): readonly object[] => {
    if (value === undefined) return [];
    if (typeof value === "string") return [{ key, value: { stringValue: value } }];
    if (typeof value === "boolean") return [{ key, value: { boolValue: value } }];
    return [{ key, value: { intValue: String(value) } }];
  });

const nanos = (ms: number): string => `${Math.round(ms)}000000`;
export const iso = (ms: number): string => new Date(Math.round(ms)).toISOString();

export interface LogItem {
  /** When it was made in truth. */
  readonly at: number;
  /** When its clock said that it was made. */
  readonly saidAt: number;
  readonly values: Values;
  readonly body?: string;
  readonly trace?: string;
  readonly span?: string;
  /** Codex's exporter writes the observed time alone. */
  readonly observedOnly?: boolean;
}

export function logItem(log: LogItem): Item {
  const time = nanos(log.saidAt);
  const json = {
    ...(log.observedOnly === true ? {} : { timeUnixNano: time }),
    observedTimeUnixNano: time,
    attributes: attributes(log.values),
    ...(log.body === undefined ? {} : { body: { stringValue: log.body } }),
    ...(log.trace === undefined ? {} : { traceId: log.trace, spanId: log.span }),
  };
  return { at: log.at, signal: "logs", json };
}

export interface SpanItem {
  readonly at: number;
  readonly name: string;
  readonly trace: string;
  readonly span: string;
  readonly parent?: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly values: Values;
  readonly failure?: string | undefined;
}

export function spanItem(span: SpanItem): Item {
  const json = {
    traceId: span.trace,
    spanId: span.span,
    ...(span.parent === undefined ? {} : { parentSpanId: span.parent }),
    name: span.name,
    kind: 1,
    startTimeUnixNano: nanos(span.start),
    endTimeUnixNano: nanos(span.end),
    attributes: attributes(span.values),
    status: span.failure === undefined ? {} : { code: 2, message: span.failure },
  };
  return { at: span.at, signal: "traces", json };
}

/** One export request. */
export function request(signal: Item["signal"], source: Source, items: readonly Item[]): string {
  const resource = { attributes: attributes(source.resource) };
  const json = items.map((item) => item.json);
  const { scope } = source;
  return JSON.stringify(
    signal === "logs"
      ? { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: json }] }] }
      : { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: json }] }] },
  );
}
