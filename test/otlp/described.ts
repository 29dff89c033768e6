import type { AnyValue, AttributeView, SignalView } from "@custody/model";

/** Everything a view can be asked, as plain data: two views that describe alike are alike to every dialect. */
export function described(view: SignalView): Readonly<Record<string, unknown>> {
  const common = {
    signal: view.signal,
    resource: attributesOf(view.resource),
    scope: { name: view.scope.name, version: view.scope.version },
    attributes: attributesOf(view.attributes),
    json: view.json(),
  };
  switch (view.signal) {
    case "span": {
      const { name, traceId, spanId, parentSpanId, kind, start, end } = view;
      const { statusCode, statusMessage } = view;
      const events = view
        .events()
        .map((event) => ({ ...event, attributes: attributesOf(event.attributes) }));
      const fields = { name, traceId, spanId, parentSpanId, kind, start, end };
      return { ...common, ...fields, statusCode, statusMessage, events };
    }
    case "log": {
      const { traceId, spanId, time, observedTime, severityNumber, eventName, body } = view;
      const fields = { traceId, spanId, time, observedTime, severityNumber, eventName };
      return { ...common, ...fields, body: plain(body) };
    }
    case "metric": {
      const { name, unit, type, temporality, monotonic, start, time, value, count } = view;
      const fields = { name, unit, type, temporality, monotonic, start, time, value, count };
      return { ...common, ...fields };
    }
  }
}

function attributesOf(view: AttributeView): unknown {
  return [...view.names()].map((name) => ({
    name,
    value: plain(view.value(name)),
    text: view.text(name),
    integer: view.integer(name),
    number: view.number(name),
    boolean: view.boolean(name),
    has: view.has(name),
  }));
}

/** Lists of names become lists of pairs: a hostile name such as `constructor` would confuse the matcher, not the views. */
function plain(value: AnyValue | undefined): unknown {
  if (value?.type === "array") return { type: "array", value: value.value.map(plain) };
  if (value?.type !== "kvlist") return value;
  const pairs = Object.entries(value.value).map(([name, item]) => [name, plain(item)]);
  return { type: "kvlist", value: pairs };
}
