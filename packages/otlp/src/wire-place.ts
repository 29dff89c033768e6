import type { AttributeView, ScopeView } from "@custody/model";
import { type RequestOfOne, requestOfOne } from "./envelope.ts";
import type { Signal } from "./malformed.ts";
import { resource, scope } from "./messages.ts";
import type { PlainMessage } from "./plain.ts";
import type { Message } from "./schema.ts";
import { SharedAttributes } from "./shared-attributes.ts";
import { AttributePlaces, WireAttributes } from "./wire-attributes.ts";
import type { WireBody } from "./wire-body.ts";
import { checkField } from "./wire-check.ts";
import { type Part, readMessage } from "./wire-message.ts";

export interface WireResource {
  readonly view: AttributeView;
  readonly parts: readonly Part[];
  readonly schemaUrl: string;
}

export function readResource(
  body: WireBody,
  parts: readonly Part[],
  schemaUrl: string,
): WireResource {
  const { cursor } = body;
  const places = new AttributePlaces(body, 0);
  for (const [start, end] of parts) {
    cursor.at = start;
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag === 0x0a) places.add(cursor.stop(end));
      else checkField(body, resource, tag, end, 0);
    }
  }
  const view = new SharedAttributes(new WireAttributes(places, 0, places.length));
  return { view, parts, schemaUrl };
}

/** What the items of one scope share: their resource, their scope, and where both stand in the bytes. */
export class WirePlace {
  readonly body: WireBody;
  readonly scope: ScopeView;
  readonly attributes: AttributePlaces;
  readonly #signal: Signal;
  readonly #resource: WireResource;
  readonly #scopeParts: readonly Part[];
  readonly #scopeSchemaUrl: string;
  #request: RequestOfOne | undefined;

  constructor(
    attributes: AttributePlaces,
    signal: Signal,
    ofResource: WireResource,
    scopeParts: readonly Part[],
    scopeSchemaUrl: string,
  ) {
    this.body = attributes.body;
    this.attributes = attributes;
    this.#signal = signal;
    this.#resource = ofResource;
    this.#scopeParts = scopeParts;
    this.#scopeSchemaUrl = scopeSchemaUrl;
    this.scope = readScope(this.body, scopeParts);
  }

  get resource(): AttributeView {
    return this.#resource.view;
  }

  /** A request of its own for the item whose OTLP/JSON is `item`. */
  json(item: PlainMessage): string {
    this.#request ??= requestOfOne(this.#signal, {
      resource: joined(this.body, resource, this.#resource.parts),
      resourceSchemaUrl: this.#resource.schemaUrl,
      scope: joined(this.body, scope, this.#scopeParts),
      scopeSchemaUrl: this.#scopeSchemaUrl,
    });
    return this.#request(item);
  }
}

function joined(
  body: WireBody,
  message: Message,
  parts: readonly Part[],
): PlainMessage | undefined {
  return parts.length === 0 ? undefined : readMessage(body, message, parts);
}

function readScope(body: WireBody, parts: readonly Part[]): ScopeView {
  const { cursor } = body;
  let name = "";
  let version = "";
  for (const [start, end] of parts) {
    cursor.at = start;
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag !== 0x0a && tag !== 0x12) {
        checkField(body, scope, tag, end, 0);
        continue;
      }
      const stop = cursor.stop(end);
      body.checkText(cursor.at, stop);
      const text = body.text(cursor.at, stop);
      if (tag === 0x0a) name = text;
      else version = text;
      cursor.at = stop;
    }
  }
  return { name, version };
}
