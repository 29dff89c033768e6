import { limits } from "@custody/model";
import type { Signal } from "./malformed.ts";
import {
  logRecord,
  metric,
  resource as resourceMessage,
  scope as scopeMessage,
  span,
} from "./messages.ts";
import type { PlainMessage } from "./plain.ts";
import { type Message, message } from "./schema.ts";

/** How one signal's export request is built: all three have the same shape under other names. */
export interface Envelope {
  readonly resources: string;
  readonly scopes: string;
  readonly items: string;
  readonly item: Message;
  readonly request: Message;
}

function envelope(item: Message, items: string, suffix: string): Envelope {
  const scopes = `scope${suffix}`;
  const resources = `resource${suffix}`;
  const ofScope = message(scopes, () => [
    [1, "scope", scopeMessage],
    [2, items, item, "repeated"],
    [3, "schemaUrl", "string"],
  ]);
  const ofResource = message(resources, () => [
    [1, "resource", resourceMessage],
    [2, scopes, ofScope, "repeated"],
    [3, "schemaUrl", "string"],
  ]);
  const request = message("request", () => [[1, resources, ofResource, "repeated"]]);
  return { resources, scopes, items, item, request };
}

export const envelopes: Readonly<Record<Signal, Envelope>> = {
  traces: envelope(span, "spans", "Spans"),
  logs: envelope(logRecord, "logRecords", "Logs"),
  metrics: envelope(metric, "metrics", "Metrics"),
};

/** What surrounds an item, in settled OTLP/JSON; undefined where the sender left it out. */
export interface Surroundings {
  readonly resource: PlainMessage | undefined;
  readonly resourceSchemaUrl: string;
  readonly scope: PlainMessage | undefined;
  readonly scopeSchemaUrl: string;
}

/** An item as a whole export request of its own. Made once per scope, used for each of its items. */
export type RequestOfOne = (item: PlainMessage) => string;

/**
 * Writes single items as valid OTLP/JSON that says which resource and scope they came from, so that a later dialect can read an
 * opaque payload again through `decodeOtlp`. Surroundings too long to be repeated for each item are left out: a request of many
 * small items under one huge resource must not grow by their product.
 */
export function requestOfOne(signal: Signal, around: Surroundings): RequestOfOne {
  const { resources, scopes, items } = envelopes[signal];
  let kept: Surroundings | undefined;
  return (item) => {
    kept ??= isRepeatable(around) ? around : nothing;
    const { resource, resourceSchemaUrl, scope, scopeSchemaUrl } = kept;
    const ofScope = { scope, [items]: [item], schemaUrl: scopeSchemaUrl || undefined };
    const ofResource = { resource, [scopes]: [ofScope], schemaUrl: resourceSchemaUrl || undefined };
    return JSON.stringify({ [resources]: [ofResource] });
  };
}

const nothing: Surroundings = {
  resource: undefined,
  resourceSchemaUrl: "",
  scope: undefined,
  scopeSchemaUrl: "",
};

/** True where the JSON of what many items share is short enough to stand in each of them. */
export function isRepeatable(shared: object): boolean {
  return JSON.stringify(shared).length <= limits.itemSurroundingsCharsMax;
}
