import type { AnyValue, AttributeView, LogView, ScopeView } from "@custody/model";
import { logRecord } from "./messages.ts";
import { WireAttributes } from "./wire-attributes.ts";
import { checkField, checkValue } from "./wire-check.ts";
import { type Part, readMessage } from "./wire-message.ts";
import type { WirePlace } from "./wire-place.ts";
import { readValue } from "./wire-value.ts";

const none: Part = [0, 0];

/** A log record over borrowed bytes. */
export class WireLog implements LogView {
  readonly signal = "log";
  readonly attributes: AttributeView;
  readonly #place: WirePlace;
  readonly #all: Part;
  #trace = none;
  #span = none;
  #eventName = none;
  #body: Part | undefined;
  #time = -1;
  #observedTime = -1;
  severityNumber = 0;

  /** Checks and reads the record that begins at the cursor and ends at `end`. */
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
      case 0x32:
        attributes.add(cursor.stop(end));
        break;
      case 0x09:
        this.#time = cursor.fixed(8, end);
        break;
      case 0x10:
        cursor.varint(end);
        this.severityNumber = cursor.low | 0;
        break;
      case 0x2a: {
        const stop = cursor.stop(end);
        this.#body = [cursor.at, stop];
        checkValue(body, stop, 1);
        break;
      }
      case 0x4a:
        this.#trace = this.#part(end);
        break;
      case 0x52:
        this.#span = this.#part(end);
        break;
      case 0x59:
        this.#observedTime = cursor.fixed(8, end);
        break;
      case 0x62:
        this.#eventName = this.#part(end);
        body.checkText(this.#eventName[0], this.#eventName[1]);
        break;
      default:
        checkField(body, logRecord, tag, end, 0);
    }
  }

  #part(end: number): Part {
    const { cursor } = this.#place.body;
    const stop = cursor.stop(end);
    const start = cursor.at;
    cursor.at = stop;
    return [start, stop];
  }

  get resource(): AttributeView {
    return this.#place.resource;
  }

  get scope(): ScopeView {
    return this.#place.scope;
  }

  get traceId(): string | undefined {
    return this.#place.body.id(this.#trace[0], this.#trace[1], 16);
  }

  get spanId(): string | undefined {
    return this.#place.body.id(this.#span[0], this.#span[1], 8);
  }

  get time(): string | undefined {
    return this.#place.body.time(this.#time);
  }

  get observedTime(): string | undefined {
    return this.#place.body.time(this.#observedTime);
  }

  get eventName(): string {
    return this.#place.body.text(this.#eventName[0], this.#eventName[1]);
  }

  get body(): AnyValue | undefined {
    return this.#body && readValue(this.#place.body, this.#body[0], this.#body[1]);
  }

  json(): string {
    return this.#place.json(readMessage(this.#place.body, logRecord, [this.#all]));
  }
}
