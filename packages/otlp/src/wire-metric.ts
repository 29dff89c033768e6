import type { MetricView } from "@custody/model";
import { metric, metricHead } from "./messages.ts";
import { type MetricShape, metricOfOne, metricShapes, temporalityOf } from "./metric-shape.ts";
import type { PlainMessage } from "./plain.ts";
import { checkField } from "./wire-check.ts";
import { type Part, readMessage } from "./wire-message.ts";
import type { WirePlace } from "./wire-place.ts";
import { type PointHolder, WirePoint } from "./wire-point.ts";

/** What the points of one metric share. Its fields may follow its points, so it is complete only once the metric was read. */
export class WireMetric implements PointHolder {
  readonly place: WirePlace;
  readonly #all: Part;
  name = "";
  unit = "";
  #temporality = 0;
  monotonic = false;
  points: WirePoint[] = [];
  #ofOne: ((point: PlainMessage) => PlainMessage) | undefined;

  /** Checks and reads the metric that begins at the cursor and ends at `end`. */
  constructor(place: WirePlace, end: number) {
    const { cursor } = place.body;
    this.place = place;
    this.#all = [cursor.at, end];
    while (cursor.at < end) this.#field(cursor.tag(end), end);
  }

  #field(tag: number, end: number): void {
    const { body } = this.place;
    const { cursor } = body;
    const shape = (tag & 7) === 2 ? metricShapes.get(tag >>> 3) : undefined;
    if (shape !== undefined) {
      this.#data(shape, cursor.stop(end));
    } else if (tag === 0x0a || tag === 0x1a) {
      const stop = cursor.stop(end);
      body.checkText(cursor.at, stop);
      if (tag === 0x0a) this.name = body.text(cursor.at, stop);
      else this.unit = body.text(cursor.at, stop);
      cursor.at = stop;
    } else {
      checkField(body, metric, tag, end, 0);
    }
  }

  /** A metric holds one kind of data: the last one sent wins. */
  #data(shape: MetricShape, end: number): void {
    const { body } = this.place;
    const { cursor } = body;
    this.points = [];
    this.#temporality = 0;
    this.monotonic = false;
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag === 0x0a) {
        body.countItem();
        this.points.push(new WirePoint(this, shape, cursor.stop(end)));
      } else if (tag === 0x10 && shape.temporal) {
        cursor.varint(end);
        this.#temporality = cursor.low | 0;
      } else if (tag === 0x18 && shape.type === "sum") {
        cursor.varint(end);
        this.monotonic = cursor.low !== 0 || cursor.high !== 0;
      } else {
        checkField(body, shape.head, tag, end, 0);
      }
    }
  }

  get temporality(): MetricView["temporality"] {
    return temporalityOf(this.#temporality);
  }

  json(shape: MetricShape, point: Part): string {
    const { body } = this.place;
    this.#ofOne ??= metricOfOne(shape, readMessage(body, metricHead, [this.#all]));
    return this.place.json(this.#ofOne(readMessage(body, shape.point, [point])));
  }
}
