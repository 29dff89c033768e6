import type { AttributeView, Dialect, FactSink, MetricView, Tally, TallyRow } from "@custody/model";
import { filled, firstFilled } from "./attributes.ts";
import { sessionNames } from "./opaque/fields.ts";
import { present } from "./present.ts";

/** Attributes of one series that are kept; a point with more of them is counted noise. */
const tagsMax = 24;

/** Names of attributes that say who somebody is, or which session: not kept as tags. */
const identities = /^(?:user|enduser|organization|account|installation)\.|^(?:host\.name)$/;
const sessions: ReadonlySet<string> = new Set(sessionNames);

/** Resource attributes that tell one process of an agent from another. */
const processNames = ["service.instance.id", "host.name", "process.pid"] as const;

/**
 * Says a point of a source's metrics as tallies, one for each row of its dialect's table that takes it. Delta and cumulative are kept as they came, a
 * record a point: what they add up to is the business of a reader.
 */
export function tally(item: MetricView, dialect: Dialect, sink: FactSink): boolean {
  const rows = dialect.tallies?.filter((one) => isTaken(item, one)) ?? [];
  if (rows.length === 0 || item.time === undefined) return false;
  const names = [...item.attributes.names()].sort();
  if (names.length > tagsMax) return false;
  const counted = rows.flatMap((row) => {
    const value = countOf(item, row);
    return value === undefined ? [] : [{ measure: row.measure, value }];
  });
  for (const { measure, value } of counted) {
    tell({ ...pointOf(item, names, item.time), measure, value }, item, dialect, names, sink);
  }
  return counted.length > 0;
}

function pointOf(item: MetricView, names: readonly string[], time: string) {
  return {
    metric: item.name,
    temporality: item.temporality,
    start: item.start ?? null,
    time,
    tags: tagsOf(item.attributes, names),
  };
}

function tell(
  point: Tally,
  item: MetricView,
  dialect: Dialect,
  names: readonly string[],
  sink: FactSink,
): void {
  const session = sessionOf(item);
  sink.fact({
    class: "integrity",
    key: [
      "tally",
      point.measure,
      point.metric,
      session ?? "",
      point.start ?? "",
      point.time,
      ...processNames.map((name) => item.resource.text(name) ?? ""),
      ...names.map((name) => `${name}=${item.attributes.text(name) ?? ""}`),
    ],
    ts: point.time,
    ...present({ session, agent: agentOf(item, dialect) }),
    body: { kind: "tally", detail: { ...point } },
  });
}

function isTaken({ name, attributes }: MetricView, { metric, where = {} }: TallyRow): boolean {
  if (name !== metric) return false;
  return Object.entries(where).every(([tag, texts]) => texts.includes(attributes.text(tag) ?? ""));
}

/** A whole number that is not negative. Money is a fraction of its unit, so it is rounded; a count that has one is not ours to round. */
function countOf(item: MetricView, { times }: TallyRow): number | undefined {
  if (item.value === undefined || item.value < 0) return undefined;
  const value = times === undefined ? item.value : Math.round(item.value * times);
  return Number.isSafeInteger(value) ? value : undefined;
}

function sessionOf({ attributes, resource }: MetricView): string | undefined {
  return firstFilled(attributes, sessionNames) ?? firstFilled(resource, sessionNames);
}

function tagsOf(attributes: AttributeView, names: readonly string[]): readonly string[] {
  return names
    .filter((name) => !identities.test(name) && !sessions.has(name))
    .map((name) => `${name}=${attributes.text(name) ?? ""}`);
}

/** Where a dialect knows its sender, no release is no release: `service.version` may be that of the runtime. */
function agentOf(item: MetricView, { name, expects }: Dialect) {
  const sender = expects?.sender(item) ?? {
    agent: filled(item.resource, "service.name"),
    version: filled(item.resource, "service.version"),
  };
  return present({ name: sender.agent ?? name, version: sender.version });
}
