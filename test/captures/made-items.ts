import { normaliseItem } from "@custody/dialects";
import type { AnyFact, SignalView } from "@custody/model";
import { decodeOtlp } from "@custody/otlp";

/** JSON as OTLP's own: `null` is an empty value. */
export type Values = Readonly<Record<string, string | number | boolean | null>>;

interface Made {
  /** Of the scope and of the service. */
  readonly agent: string;
  readonly resource?: Values;
}

interface MadeLog extends Made {
  readonly values: Values;
  readonly eventName?: string;
  readonly traceId?: string;
  readonly spanId?: string;
}

interface MadeSpan extends Made {
  readonly name: string;
  readonly values: Values;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly status?: { readonly code: number; readonly message?: string };
}

export const someTrace = "0af7651916cd43dd8448eb211c80319c";
export const someSpan = "b7ad6b7169203331";

function attributesOf(values: Values): readonly object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyOf(value) }));
}

function anyOf(value: Values[string]): object {
  if (value === null) return {};
  if (typeof value === "string") return { stringValue: value };
  return typeof value === "boolean" ? { boolValue: value } : { intValue: String(value) };
}

/** One log record as an agent would send it. */
export function madeLog({ agent, resource = {}, values, ...more }: MadeLog): SignalView {
  return only("logs", {
    resourceLogs: [
      {
        resource: { attributes: attributesOf({ "service.name": agent, ...resource }) },
        scopeLogs: [
          {
            scope: { name: agent },
            logRecords: [
              {
                timeUnixNano: "1795418817000000000",
                attributes: attributesOf(values),
                ...more,
              },
            ],
          },
        ],
      },
    ],
  });
}

/** One span as an agent would send it: a second and a half long. */
export function madeSpan({ agent, resource = {}, values, ...more }: MadeSpan): SignalView {
  return only("traces", {
    resourceSpans: [
      {
        resource: { attributes: attributesOf({ "service.name": agent, ...resource }) },
        scopeSpans: [
          {
            scope: { name: agent },
            spans: [
              {
                traceId: someTrace,
                spanId: someSpan,
                startTimeUnixNano: "1795418817000000000",
                endTimeUnixNano: "1795418818500000000",
                attributes: attributesOf(values),
                ...more,
              },
            ],
          },
        ],
      },
    ],
  });
}

function only(signal: "logs" | "traces", body: object): SignalView {
  const answer = decodeOtlp(signal, "json", new TextEncoder().encode(JSON.stringify(body)));
  const item = answer.outcome === "ok" ? answer.items[0] : undefined;
  if (item === undefined) throw new Error("not one item");
  return item;
}

export interface Said {
  readonly dialect: string;
  readonly facts: readonly AnyFact[];
  readonly noise: readonly string[];
}

export function saidOf(item: SignalView): Said {
  const facts: AnyFact[] = [];
  const noise: string[] = [];
  const dialect = normaliseItem(item, {
    fact: (fact) => facts.push(fact),
    noise: (name) => noise.push(name),
    drift: () => undefined,
  });
  return { dialect, facts, noise };
}

type Of<C extends AnyFact["class"]> = Extract<AnyFact, { readonly class: C }>;

export function factsOf<C extends AnyFact["class"]>(item: SignalView, name: C): readonly Of<C>[] {
  return saidOf(item).facts.filter((fact): fact is Of<C> => fact.class === name);
}
