import { normaliseItem } from "@custody/dialects";
import type { AnyFact, Body, Drift, RecordClass, SignalView } from "@custody/model";
import { decodeOtlp } from "@custody/otlp";

type Json = Readonly<Record<string, unknown>>;
export type Values = Readonly<Record<string, string | number | boolean | Json>>;

/** Who sends an item that a test makes. */
export interface MadeBy {
  readonly resource: Values;
  readonly scope: string;
}

const attributes = (values: Values): readonly Json[] =>
  Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }));

function anyValue(value: Values[string]): Json {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return typeof value === "number" ? { intValue: String(value) } : value;
}

export interface MadeSpan {
  readonly name: string;
  readonly attributes?: Values;
  readonly events?: readonly { readonly name: string; readonly attributes?: Values }[];
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly kind?: number;
  /** `ERROR`, with this message. */
  readonly failure?: string;
}

/** One span as a source would send it. */
export function madeSpan({ resource, scope }: MadeBy, span: MadeSpan): SignalView {
  const { name, failure, events = [], ...rest } = span;
  return only("traces", {
    resourceSpans: [
      {
        resource: { attributes: attributes(resource) },
        scopeSpans: [
          {
            scope: { name: scope },
            spans: [
              {
                traceId: "0af7651916cd43dd8448eb211c80319c",
                spanId: "b7ad6b7169203331",
                startTimeUnixNano: "1795418817000000000",
                endTimeUnixNano: "1795418818500000000",
                ...rest,
                name,
                attributes: attributes(span.attributes ?? {}),
                events: events.map((event) => ({
                  name: event.name,
                  timeUnixNano: "1795418817500000000",
                  attributes: attributes(event.attributes ?? {}),
                })),
                ...(failure === undefined ? {} : { status: { code: 2, message: failure } }),
              },
            ],
          },
        ],
      },
    ],
  });
}

/** One log record as a source would send it, under the span above. */
export function madeLog({ resource, scope }: MadeBy, values: Values, body?: Json): SignalView {
  return only("logs", {
    resourceLogs: [
      {
        resource: { attributes: attributes(resource) },
        scopeLogs: [
          {
            scope: { name: scope },
            logRecords: [
              {
                timeUnixNano: "1795418817000000000",
                traceId: "0af7651916cd43dd8448eb211c80319c",
                spanId: "b7ad6b7169203331",
                attributes: attributes(values),
                ...(body === undefined ? {} : { body }),
              },
            ],
          },
        ],
      },
    ],
  });
}

function only(signal: "logs" | "traces", body: Json): SignalView {
  const answer = decodeOtlp(signal, "json", new TextEncoder().encode(JSON.stringify(body)));
  const item = answer.outcome === "ok" ? answer.items[0] : undefined;
  if (item === undefined) throw new Error("not one item");
  return item;
}

type Of<C extends RecordClass> = Extract<AnyFact, { readonly class: C }>;

/** What one item says. */
export interface Saying {
  readonly dialect: string;
  readonly facts: readonly AnyFact[];
  readonly noise: readonly string[];
  readonly drift: readonly Drift[];
  of<C extends RecordClass>(name: C): readonly Of<C>[];
  bodies<C extends RecordClass>(name: C): readonly Body<C>[];
}

export function saying(item: SignalView): Saying {
  const facts: AnyFact[] = [];
  const noise: string[] = [];
  const drift: Drift[] = [];
  const dialect = normaliseItem(item, {
    fact: (fact) => facts.push(fact),
    noise: (name) => noise.push(name),
    drift: (stray) => drift.push(stray),
  });
  const of = <C extends RecordClass>(name: C): readonly Of<C>[] =>
    facts.filter((fact): fact is Of<C> => fact.class === name);
  return {
    dialect,
    facts,
    noise,
    drift,
    of,
    bodies: <C extends RecordClass>(name: C) => of(name).map(({ body }) => body as Body<C>),
  };
}
