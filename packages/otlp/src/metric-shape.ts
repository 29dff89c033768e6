import type { MetricView } from "@custody/model";
import { isRepeatable } from "./envelope.ts";
import {
  exponentialPoint,
  histogramPoint,
  metricHead,
  numberPoint,
  summaryPoint,
} from "./messages.ts";
import { messageOf, type PlainMessage } from "./plain.ts";
import type { Message } from "./schema.ts";

/** One kind of metric: how its field is called, what its points are, and where a point keeps what the view shows. */
export interface MetricShape {
  readonly type: MetricView["type"];
  readonly field: string;
  /** The field's message without its points. */
  readonly head: Message;
  readonly point: Message;
  /** Number of the point's field of attributes; its start is 2 and its time 3 in every kind. */
  readonly attributes: number;
  /** A histogram or summary has a count and a sum; a gauge or sum has one value and no count. */
  readonly counted: boolean;
  /** The field says whether its points are delta or cumulative. */
  readonly temporal: boolean;
  /** The value of a point that sends none: a summary's sum is not optional, so absence says 0. */
  readonly valueDefault: 0 | undefined;
}

function shape(
  type: MetricView["type"],
  field: string,
  point: Message,
  attributes: number,
): MetricShape {
  const head = metricHead.fields.find((row) => row.name === field)?.type;
  if (typeof head !== "object") throw new RangeError(`no message for ${field}`);
  return {
    type,
    field,
    head,
    point,
    attributes,
    counted: point !== numberPoint,
    temporal: head.byName.has("aggregationTemporality"),
    valueDefault: point === summaryPoint ? 0 : undefined,
  };
}

/** By the number of the metric's field. */
export const metricShapes: ReadonlyMap<number, MetricShape> = new Map([
  [5, shape("gauge", "gauge", numberPoint, 7)],
  [7, shape("sum", "sum", numberPoint, 7)],
  [9, shape("histogram", "histogram", histogramPoint, 9)],
  [10, shape("exponential_histogram", "exponentialHistogram", exponentialPoint, 1)],
  [11, shape("summary", "summary", summaryPoint, 7)],
]);

const temporalities = ["unspecified", "delta", "cumulative"] as const;

/** Delta and cumulative are never mixed: what is neither stays `unspecified`. */
export function temporalityOf(value: number): MetricView["temporality"] {
  return temporalities[value] ?? "unspecified";
}

/** The metric with one point alone, given that point. What its points share is left out where it is too long to stand in each. */
export function metricOfOne(
  shape: MetricShape,
  shared: PlainMessage,
): (point: PlainMessage) => PlainMessage {
  const head = isRepeatable(shared) ? shared : {};
  const data = messageOf(head[shape.field]);
  return (point) => ({ ...head, [shape.field]: { dataPoints: [point], ...data } });
}
