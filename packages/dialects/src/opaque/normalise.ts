import type { Dialect, Fact, FactSink, SignalView } from "@custody/model";
import { byteLength } from "../byte-length.ts";
import { present } from "../present.ts";
import { sequence, sessionNames } from "./fields.ts";

/** Whatever nobody claims, kept whole as content: counted, shown, and never refused (design 3). */
export const opaque: Dialect = {
  name: "opaque",
  version: "1",
  claims: () => true,
  normalise(item, sink: FactSink) {
    const payload = item.json();
    const session = firstOf(item, sessionNames);
    sink.fact({
      class: "opaque",
      ...present({
        key: naturalKey(item),
        ts: item.signal === "span" ? item.start : (item.time ?? observed(item)),
        end: item.signal === "span" ? item.end : undefined,
        session,
        trace: item.signal === "metric" ? undefined : item.traceId,
        span: item.signal === "span" ? item.spanId : undefined,
        parent: parentOf(item),
        seq: numberOf(item, session),
      }),
      body: present({
        signal: item.signal,
        name: nameOf(item),
        scope: item.scope.name === "" ? undefined : item.scope.name,
        service: item.resource.text("service.name"),
        bytes: byteLength(payload),
      }),
      content: { payload },
    });
    return "opaque";
  },
};

/** A span has an identity of its own; for the rest the content stands in. */
function naturalKey(item: SignalView): readonly string[] | undefined {
  return item.signal === "span" && item.spanId !== undefined && item.traceId !== undefined
    ? ["span", item.traceId, item.spanId]
    : undefined;
}

function numberOf(item: SignalView, session: string | undefined): Fact["seq"] {
  const { attributes } = item;
  const source = attributes.text(sequence.own.source);
  const own = attributes.integer(sequence.own.n);
  if (source !== undefined && own !== undefined && own >= 0) {
    return { id: source, epoch: attributes.text(sequence.own.epoch) ?? "", n: own };
  }
  const n = attributes.integer(sequence.perSession);
  return session === undefined || n === undefined || n < 0
    ? undefined
    : { id: session, epoch: "", n };
}

function nameOf(item: SignalView): string {
  if (item.signal !== "log") return item.name;
  return item.attributes.text("event.name") ?? item.eventName;
}

function parentOf(item: SignalView): string | undefined {
  if (item.signal === "span") return item.parentSpanId;
  return item.signal === "log" ? item.spanId : undefined;
}

function observed(item: SignalView): string | undefined {
  return item.signal === "log" ? item.observedTime : undefined;
}

function firstOf(item: SignalView, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = item.attributes.text(name);
    if (text !== undefined && text !== "") return text;
  }
  return undefined;
}
