import type { AnyValue, AttributeView, LogView, ScopeView } from "@custody/model";
import { JsonAttributes } from "./json-attributes.ts";
import { idAt, type JsonPlace, numberAt, textAt, timeAt } from "./json-place.ts";
import { anyValueOf } from "./json-value.ts";
import { messageOf, type PlainMessage } from "./plain.ts";

/** A log record over settled OTLP/JSON. */
export class JsonLog implements LogView {
  readonly signal = "log";
  readonly attributes: AttributeView;
  readonly #place: JsonPlace;
  readonly #log: PlainMessage;

  constructor(place: JsonPlace, log: PlainMessage) {
    this.#place = place;
    this.#log = log;
    this.attributes = new JsonAttributes(log["attributes"]);
  }

  get resource(): AttributeView {
    return this.#place.resource;
  }

  get scope(): ScopeView {
    return this.#place.scope;
  }

  get traceId(): string | undefined {
    return idAt(this.#log["traceId"], 32);
  }

  get spanId(): string | undefined {
    return idAt(this.#log["spanId"], 16);
  }

  get time(): string | undefined {
    return timeAt(this.#log["timeUnixNano"]);
  }

  get observedTime(): string | undefined {
    return timeAt(this.#log["observedTimeUnixNano"]);
  }

  get severityNumber(): number {
    return numberAt(this.#log["severityNumber"]);
  }

  get eventName(): string {
    return textAt(this.#log["eventName"]);
  }

  get body(): AnyValue | undefined {
    const body = this.#log["body"];
    return body === undefined ? undefined : anyValueOf(messageOf(body));
  }

  json(): string {
    return this.#place.json(this.#log);
  }
}
