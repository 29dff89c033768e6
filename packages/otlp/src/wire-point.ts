import type { AttributeView, MetricView, ScopeView } from "@custody/model";
import { signed64, unsigned64 } from "./integer64.ts";
import type { MetricShape } from "./metric-shape.ts";
import { WireAttributes } from "./wire-attributes.ts";
import { checkField } from "./wire-check.ts";
import type { Part } from "./wire-message.ts";
import type { WirePlace } from "./wire-place.ts";

/** What a point asks of the metric that holds it: complete only once the whole metric was read. */
export interface PointHolder {
  readonly place: WirePlace;
  readonly name: string;
  readonly unit: string;
  readonly temporality: MetricView["temporality"];
  readonly monotonic: boolean;
  /** The metric with one point alone, as a request. */
  json(shape: MetricShape, point: Part): string;
}

/** A data point over borrowed bytes. */
export class WirePoint implements MetricView {
  readonly signal = "metric";
  readonly attributes: AttributeView;
  readonly #metric: PointHolder;
  readonly #shape: MetricShape;
  readonly #all: Part;
  #start = -1;
  #time = -1;
  #double = -1;
  #integer = -1;
  #count = -1;

  /** Checks and reads the point that begins at the cursor and ends at `end`. */
  constructor(metric: PointHolder, shape: MetricShape, end: number) {
    const { body, attributes } = metric.place;
    const from = attributes.length;
    this.#metric = metric;
    this.#shape = shape;
    this.#all = [body.cursor.at, end];
    while (body.cursor.at < end) this.#field(body.cursor.tag(end), end);
    this.attributes = new WireAttributes(attributes, from, attributes.length);
  }

  #field(tag: number, end: number): void {
    const { body, attributes } = this.#metric.place;
    const { cursor } = body;
    const { counted } = this.#shape;
    if (tag === this.#shape.attributes * 8 + 2) attributes.add(cursor.stop(end));
    else if (tag === 0x11) this.#start = cursor.fixed(8, end);
    else if (tag === 0x19) this.#time = cursor.fixed(8, end);
    else if (tag === 0x21 && counted) this.#count = cursor.fixed(8, end);
    else if (tag === 0x29 && counted) this.#double = cursor.fixed(8, end);
    else if (tag === 0x21) this.#number(cursor.fixed(8, end), -1);
    else if (tag === 0x31 && !counted) this.#number(-1, cursor.fixed(8, end));
    else checkField(body, this.#shape.point, tag, end, 0);
  }

  /** A point holds one number: the last one sent wins. */
  #number(double: number, integer: number): void {
    this.#double = double;
    this.#integer = integer;
  }

  get resource(): AttributeView {
    return this.#metric.place.resource;
  }

  get scope(): ScopeView {
    return this.#metric.place.scope;
  }

  get name(): string {
    return this.#metric.name;
  }

  get unit(): string {
    return this.#metric.unit;
  }

  get type(): MetricView["type"] {
    return this.#shape.type;
  }

  get temporality(): MetricView["temporality"] {
    return this.#metric.temporality;
  }

  get monotonic(): boolean {
    return this.#metric.monotonic;
  }

  get start(): string | undefined {
    return this.#metric.place.body.time(this.#start);
  }

  get time(): string | undefined {
    return this.#metric.place.body.time(this.#time);
  }

  get value(): number | undefined {
    const { cursor } = this.#metric.place.body;
    if (this.#integer >= 0) {
      cursor.load(this.#integer);
      return Number(signed64(cursor.low, cursor.high));
    }
    if (this.#double < 0) return this.#shape.valueDefault;
    const value = cursor.bytes.readDoubleLE(this.#double);
    return Number.isFinite(value) ? value : undefined;
  }

  get count(): number | undefined {
    if (!this.#shape.counted) return undefined;
    if (this.#count < 0) return 0;
    const { cursor } = this.#metric.place.body;
    cursor.load(this.#count);
    const count = unsigned64(cursor.low, cursor.high);
    return typeof count === "number" ? count : undefined;
  }

  json(): string {
    return this.#metric.json(this.#shape, this.#all);
  }
}
