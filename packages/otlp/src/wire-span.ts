import type { AttributeView, ScopeView, SpanEventView, SpanView } from "@custody/model";
import { span, spanEvent, spanStatus } from "./messages.ts";
import { AttributePlaces, WireAttributes } from "./wire-attributes.ts";
import { WireBody } from "./wire-body.ts";
import { checkField } from "./wire-check.ts";
import { type Part, readMessage } from "./wire-message.ts";
import type { WirePlace } from "./wire-place.ts";

const none: Part = [0, 0];

/** A span over borrowed bytes: its fields are found once, when the body is checked, and decoded when they are asked for. */
export class WireSpan implements SpanView {
  readonly signal = "span";
  readonly attributes: AttributeView;
  readonly #place: WirePlace;
  readonly #all: Part;
  #trace = none;
  #span = none;
  #parent = none;
  #name = none;
  #message = none;
  #start = -1;
  #end = -1;
  /** Where the lengths of the events stand. */
  #events: number[] | undefined;
  kind = 0;
  statusCode = 0;

  /** Checks and reads the span that begins at the cursor and ends at `end`. */
  constructor(place: WirePlace, end: number) {
    const { cursor } = place.body;
    const from = place.attributes.length;
    this.#place = place;
    this.#all = [cursor.at, end];
    while (cursor.at < end) this.#field(cursor.tag(end), end);
    this.attributes = new WireAttributes(place.attributes, from, place.attributes.length);
  }

  #field(tag: number, end: number): void {
    const { body, attributes } = this.#place;
    const { cursor } = body;
    switch (tag) {
      case 0x4a:
        attributes.add(cursor.stop(end));
        break;
      case 0x0a:
        this.#trace = this.#part(end);
        break;
      case 0x12:
        this.#span = this.#part(end);
        break;
      case 0x22:
        this.#parent = this.#part(end);
        break;
      case 0x2a:
        this.#name = this.#part(end);
        body.checkText(this.#name[0], this.#name[1]);
        break;
      case 0x30:
        cursor.varint(end);
        this.kind = cursor.low | 0;
        break;
      case 0x39:
        this.#start = cursor.fixed(8, end);
        break;
      case 0x41:
        this.#end = cursor.fixed(8, end);
        break;
      case 0x5a:
        this.#events ??= [];
        this.#events.push(cursor.at);
        checkField(body, span, tag, end, 0);
        break;
      case 0x7a:
        this.#status(cursor.stop(end));
        break;
      default:
        checkField(body, span, tag, end, 0);
    }
  }

  #part(end: number): Part {
    const { cursor } = this.#place.body;
    const stop = cursor.stop(end);
    const start = cursor.at;
    cursor.at = stop;
    return [start, stop];
  }

  #status(end: number): void {
    const { body } = this.#place;
    const { cursor } = body;
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag === 0x12) {
        this.#message = this.#part(end);
        body.checkText(this.#message[0], this.#message[1]);
      } else if (tag === 0x18) {
        cursor.varint(end);
        this.statusCode = cursor.low | 0;
      } else {
        checkField(body, spanStatus, tag, end, 0);
      }
    }
  }

  get resource(): AttributeView {
    return this.#place.resource;
  }

  get scope(): ScopeView {
    return this.#place.scope;
  }

  get name(): string {
    return this.#place.body.text(this.#name[0], this.#name[1]);
  }

  get traceId(): string | undefined {
    return this.#place.body.id(this.#trace[0], this.#trace[1], 16);
  }

  get spanId(): string | undefined {
    return this.#place.body.id(this.#span[0], this.#span[1], 8);
  }

  get parentSpanId(): string | undefined {
    return this.#place.body.id(this.#parent[0], this.#parent[1], 8);
  }

  get start(): string | undefined {
    return this.#place.body.time(this.#start);
  }

  get end(): string | undefined {
    return this.#place.body.time(this.#end);
  }

  get statusMessage(): string {
    return this.#place.body.text(this.#message[0], this.#message[1]);
  }

  events(): readonly SpanEventView[] {
    if (this.#events === undefined) return [];
    // A body of its own over the same bytes: what was counted when they were checked is not counted again.
    const body = new WireBody(this.#place.body.cursor.bytes);
    const attributes = new AttributePlaces(body, this.#events.length * 4);
    return this.#events.map((at) => readEvent(body, attributes, at, this.#all[1]));
  }

  json(): string {
    const { body } = this.#place;
    return this.#place.json(readMessage(body, span, [this.#all]));
  }
}

/** Reads the event whose length stands at `at`, within a span that ends at `spanEnd`. */
function readEvent(
  body: WireBody,
  attributes: AttributePlaces,
  at: number,
  spanEnd: number,
): SpanEventView {
  const { cursor } = body;
  const from = attributes.length;
  let name = "";
  let time = -1;
  cursor.at = at;
  const end = cursor.stop(spanEnd);
  while (cursor.at < end) {
    const tag = cursor.tag(end);
    if (tag === 0x09) {
      time = cursor.fixed(8, end);
    } else if (tag === 0x12) {
      const stop = cursor.stop(end);
      name = body.text(cursor.at, stop);
      cursor.at = stop;
    } else if (tag === 0x1a) {
      attributes.add(cursor.stop(end));
    } else {
      checkField(body, spanEvent, tag, end, 0);
    }
  }
  return {
    name,
    time: body.time(time),
    attributes: new WireAttributes(attributes, from, attributes.length),
  };
}
