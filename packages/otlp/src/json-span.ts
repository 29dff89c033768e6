import type { AttributeView, ScopeView, SpanEventView, SpanView } from "@custody/model";
import { JsonAttributes } from "./json-attributes.ts";
import { idAt, type JsonPlace, numberAt, textAt, timeAt } from "./json-place.ts";
import { messageOf, messagesOf, type PlainMessage } from "./plain.ts";

/** A span over settled OTLP/JSON. */
export class JsonSpan implements SpanView {
  readonly signal = "span";
  readonly attributes: AttributeView;
  readonly #place: JsonPlace;
  readonly #span: PlainMessage;

  constructor(place: JsonPlace, span: PlainMessage) {
    this.#place = place;
    this.#span = span;
    this.attributes = new JsonAttributes(span["attributes"]);
  }

  get resource(): AttributeView {
    return this.#place.resource;
  }

  get scope(): ScopeView {
    return this.#place.scope;
  }

  get name(): string {
    return textAt(this.#span["name"]);
  }

  get traceId(): string | undefined {
    return idAt(this.#span["traceId"], 32);
  }

  get spanId(): string | undefined {
    return idAt(this.#span["spanId"], 16);
  }

  get parentSpanId(): string | undefined {
    return idAt(this.#span["parentSpanId"], 16);
  }

  get kind(): number {
    return numberAt(this.#span["kind"]);
  }

  get start(): string | undefined {
    return timeAt(this.#span["startTimeUnixNano"]);
  }

  get end(): string | undefined {
    return timeAt(this.#span["endTimeUnixNano"]);
  }

  get statusCode(): number {
    return numberAt(messageOf(this.#span["status"])["code"]);
  }

  get statusMessage(): string {
    return textAt(messageOf(this.#span["status"])["message"]);
  }

  events(): readonly SpanEventView[] {
    return messagesOf(this.#span["events"]).map((event) => ({
      name: textAt(event["name"]),
      time: timeAt(event["timeUnixNano"]),
      attributes: new JsonAttributes(event["attributes"]),
    }));
  }

  json(): string {
    return this.#place.json(this.#span);
  }
}
