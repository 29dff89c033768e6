import type { SignalView } from "@custody/model";
import type { Decoded, Signal } from "./malformed.ts";
import { AttributePlaces } from "./wire-attributes.ts";
import { WireBody } from "./wire-body.ts";
import { WireLog } from "./wire-log.ts";
import type { Part } from "./wire-message.ts";
import { WireMetric } from "./wire-metric.ts";
import { readResource, WirePlace, type WireResource } from "./wire-place.ts";
import { WireSpan } from "./wire-span.ts";

type ReadItem = (place: WirePlace, end: number, items: SignalView[]) => void;

const readers: Readonly<Record<Signal, ReadItem>> = {
  traces: (place, end, items) => {
    place.body.countItem();
    items.push(new WireSpan(place, end));
  },
  logs: (place, end, items) => {
    place.body.countItem();
    items.push(new WireLog(place, end));
  },
  metrics: (place, end, items) => {
    for (const point of new WireMetric(place, end).points) items.push(point);
  },
};

/** One pass over the whole body: every length, type, depth and text is checked, and items know where their fields lie. */
export function decodeWire(signal: Signal, bytes: Uint8Array): Decoded {
  const body = new WireBody(bytes);
  const attributes = new AttributePlaces(body, Math.min(bytes.length >>> 6, 16_384));
  const items: SignalView[] = [];
  const { cursor } = body;
  const end = bytes.length;
  while (cursor.at < end) {
    const tag = cursor.tag(end);
    if (isMessage(body, tag, 1)) readResourceItems(attributes, signal, cursor.stop(end), items);
    else cursor.skip(tag, end);
  }
  return { outcome: "ok", items, repaired: body.repaired };
}

/** True for field `number`; refuses it where its wire type is not that of a message. */
function isMessage(body: WireBody, tag: number, number: number): boolean {
  if (tag >>> 3 !== number) return false;
  if ((tag & 7) === 2) return true;
  throw body.cursor.malformed(`field ${number} has wire type ${tag & 7}`, body.cursor.at);
}

/** The three fields of `ResourceSpans` and `ScopeSpans` and their like: what surrounds, what is inside, schema URL. */
interface Layers {
  readonly around: readonly Part[];
  readonly inside: readonly Part[];
  readonly schemaUrl: string;
}

/** What surrounds may stand after what it surrounds, so places are found before anything inside is read. */
function layersOf(body: WireBody, end: number): Layers {
  const { cursor } = body;
  const around: Part[] = [];
  const inside: Part[] = [];
  let schemaUrl = "";
  while (cursor.at < end) {
    const tag = cursor.tag(end);
    const number = tag >>> 3;
    if (number > 3 || !isMessage(body, tag, number)) {
      cursor.skip(tag, end);
      continue;
    }
    const stop = cursor.stop(end);
    const part: Part = [cursor.at, stop];
    body.countValue();
    if (number === 1) around.push(part);
    else if (number === 2) inside.push(part);
    else {
      body.checkText(cursor.at, stop);
      schemaUrl = body.text(cursor.at, stop);
    }
    cursor.at = stop;
  }
  return { around, inside, schemaUrl };
}

function readResourceItems(
  attributes: AttributePlaces,
  signal: Signal,
  end: number,
  items: SignalView[],
): void {
  const { body } = attributes;
  const layers = layersOf(body, end);
  const resource = readResource(body, layers.around, layers.schemaUrl);
  for (const [start, stop] of layers.inside) {
    body.cursor.at = start;
    readScopeItems(attributes, signal, resource, stop, items);
  }
  body.cursor.at = end;
}

function readScopeItems(
  attributes: AttributePlaces,
  signal: Signal,
  resource: WireResource,
  end: number,
  items: SignalView[],
): void {
  const { body } = attributes;
  const layers = layersOf(body, end);
  const place = new WirePlace(attributes, signal, resource, layers.around, layers.schemaUrl);
  const read = readers[signal];
  for (const [start, stop] of layers.inside) {
    body.cursor.at = start;
    read(place, stop, items);
  }
  body.cursor.at = end;
}
