import type { AttributeView, MetricView, ScopeView } from "@custody/model";
import { JsonAttributes } from "./json-attributes.ts";
import { type JsonPlace, numberAt, textAt, timeAt } from "./json-place.ts";
import { type MetricShape, metricOfOne, metricShapes, temporalityOf } from "./metric-shape.ts";
import { messageOf, messagesOf, type Plain, type PlainMessage } from "./plain.ts";

/** What the points of one metric share. */
interface JsonMetric {
  readonly place: JsonPlace;
  readonly metric: PlainMessage;
  readonly data: PlainMessage;
  readonly shape: MetricShape;
  readonly json: (point: PlainMessage) => string;
}

/** The points of a metric over settled OTLP/JSON; none where it holds no data that is known. */
export function pointsOf(place: JsonPlace, metric: PlainMessage): readonly MetricView[] {
  for (const shape of metricShapes.values()) {
    const found = metric[shape.field];
    if (found === undefined) continue;
    const { dataPoints, ...data } = messageOf(found);
    let ofOne: ((point: PlainMessage) => PlainMessage) | undefined;
    const json = (point: PlainMessage): string => {
      ofOne ??= metricOfOne(shape, { ...metric, [shape.field]: data });
      return place.json(ofOne(point));
    };
    const shared: JsonMetric = { place, metric, data, shape, json };
    return messagesOf(dataPoints).map((point) => new JsonPoint(shared, point));
  }
  return [];
}

class JsonPoint implements MetricView {
  readonly signal = "metric";
  readonly attributes: AttributeView;
  readonly #shared: JsonMetric;
  readonly #point: PlainMessage;

  constructor(shared: JsonMetric, point: PlainMessage) {
    this.#shared = shared;
    this.#point = point;
    this.attributes = new JsonAttributes(point["attributes"]);
  }

  get resource(): AttributeView {
    return this.#shared.place.resource;
  }

  get scope(): ScopeView {
    return this.#shared.place.scope;
  }

  get name(): string {
    return textAt(this.#shared.metric["name"]);
  }

  get unit(): string {
    return textAt(this.#shared.metric["unit"]);
  }

  get type(): MetricView["type"] {
    return this.#shared.shape.type;
  }

  get temporality(): MetricView["temporality"] {
    return temporalityOf(numberAt(this.#shared.data["aggregationTemporality"]));
  }

  get monotonic(): boolean {
    return this.#shared.data["isMonotonic"] === true;
  }

  get start(): string | undefined {
    return timeAt(this.#point["startTimeUnixNano"]);
  }

  get time(): string | undefined {
    return timeAt(this.#point["timeUnixNano"]);
  }

  get value(): number | undefined {
    const { counted, valueDefault } = this.#shared.shape;
    const found = counted ? this.#point["sum"] : (this.#point["asInt"] ?? this.#point["asDouble"]);
    return found === undefined ? valueDefault : finite(found);
  }

  get count(): number | undefined {
    if (!this.#shared.shape.counted) return undefined;
    const count = Number(textAt(this.#point["count"]) || "0");
    return Number.isSafeInteger(count) ? count : undefined;
  }

  json(): string {
    return this.#shared.json(this.#point);
  }
}

function finite(value: Plain): number | undefined {
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}
