import type { SignalView } from "@custody/model";
import { decodeOtlp } from "@custody/otlp";
import type { Random } from "../support/random.ts";

/** What may befall telemetry between the agent we know and the one that somebody runs. */
export const mutationKinds = [
  "attribute dropped",
  "attribute renamed",
  "attribute retyped",
  "attribute duplicated",
  "attributes reordered",
  "record dropped",
  "record renamed",
  "record duplicated",
  "records reordered",
] as const;
export type MutationKind = (typeof mutationKinds)[number];

const signals = { span: "traces", log: "logs", metric: "metrics" } as const;

interface Attribute {
  readonly key: string;
  readonly value: unknown;
}

/** The same attribute under another type: as other exporters, or another release, write it. */
const retyped: readonly ((value: string) => unknown)[] = [
  (text) => ({ stringValue: text }),
  (text) => (/^-?\d{1,15}$/.test(text) ? { intValue: text } : { stringValue: text }),
  (text) => (Number.isFinite(Number(text)) ? { doubleValue: Number(text) } : { boolValue: true }),
  (text) => ({ boolValue: text === "true" }),
  (text) => ({ arrayValue: { values: [{ stringValue: text }] } }),
  (text) => ({ kvlistValue: { values: [{ key: "value", value: { stringValue: text } }] } }),
  (text) => ({ bytesValue: Buffer.from(text).toString("base64") }),
  () => ({}),
];

type EditAttributes = (attributes: readonly Attribute[], random: Random) => readonly Attribute[];

const attributeEdits: Readonly<Partial<Record<MutationKind, EditAttributes>>> = {
  "attribute dropped": (attributes, random) =>
    attributes.toSpliced(random.whole(0, attributes.length - 1), 1),
  "attribute renamed": (attributes, random) => {
    const at = random.whole(0, attributes.length - 1);
    const { key = "", value } = attributes[at] ?? {};
    const renamed = [`${key}_v2`, key.replaceAll(".", "_"), `x.${key}`][random.whole(0, 2)] ?? key;
    return attributes.with(at, { key: renamed === key ? `${key}2` : renamed, value });
  },
  "attribute retyped": (attributes, random) => {
    const at = random.whole(0, attributes.length - 1);
    const { key = "", value } = attributes[at] ?? {};
    const text = String(Object.values((value ?? {}) as object)[0] ?? "");
    const retype = retyped[random.whole(0, retyped.length - 1)] ?? retyped[0];
    return attributes.with(at, { key, value: retype?.(text) });
  },
  "attribute duplicated": (attributes, random) => {
    const at = random.whole(0, attributes.length - 1);
    return [...attributes, ...attributes.slice(at, at + 1)];
  },
  "attributes reordered": (attributes) => attributes.toReversed(),
};

/** One item with one mutation of its own, decoded anew. A mutation that leaves no well-formed item is refused by the decoder, and thrown. */
export function mutatedItem(item: SignalView, kind: MutationKind, random: Random): SignalView {
  const edit = attributeEdits[kind];
  // Only the item's own attributes: those of its resource and of its span events stand deeper or earlier.
  const request = JSON.parse(item.json()) as Message;
  const { own, named } = itemOf(request);
  const attributes = (own["attributes"] ?? []) as readonly Attribute[];
  if (edit !== undefined && attributes.length > 0) own["attributes"] = edit(attributes, random);
  if (kind === "record renamed") rename(own, named, attributes);
  const bytes = new TextEncoder().encode(JSON.stringify(request));
  const answer = decodeOtlp(signals[item.signal], "json", bytes);
  if (answer.outcome !== "ok") throw new Error(`${answer.reason} at ${answer.position}`);
  const [again] = answer.items;
  if (again === undefined) throw new Error("the mutated item is gone");
  return again;
}

/** A newer release calls it otherwise, wherever this source keeps the name of its records. */
function rename(own: Message, named: Message, attributes: readonly Attribute[]): void {
  const names = ["event.name", "gen_ai.operation.name", "ai.operationId"];
  const at = attributes.findIndex(({ key }) => names.includes(key));
  if (at < 0) {
    named["name"] = `${String(named["name"] ?? "")}.v2`;
    named["eventName"] = `${String(named["eventName"] ?? "")}.v2`;
    return;
  }
  const { key = "", value } = attributes[at] ?? {};
  const text = String(Object.values((value ?? {}) as object)[0] ?? "");
  own["attributes"] = attributes.with(at, { key, value: { stringValue: `${text}.v2` } });
}

type Message = Record<string, unknown>;

const first = (message: Message | undefined, list: string): Message | undefined =>
  (message?.[list] as readonly Message[] | undefined)?.[0];

/** The one span, log record or data point of an item's OTLP/JSON, and the message that bears its name. */
function itemOf(request: Message): { readonly own: Message; readonly named: Message } {
  const span = first(first(first(request, "resourceSpans"), "scopeSpans"), "spans");
  const log = first(first(first(request, "resourceLogs"), "scopeLogs"), "logRecords");
  const metric = first(first(first(request, "resourceMetrics"), "scopeMetrics"), "metrics");
  const data = Object.values(metric ?? {}).find(
    (value): value is Message => typeof value === "object" && value !== null,
  );
  const own = span ?? log ?? first(data, "dataPoints");
  if (own === undefined) throw new Error("the item is not OTLP/JSON");
  return { own, named: metric ?? own };
}
