import { limits, type SignalView } from "@custody/model";
import { envelopes } from "./envelope.ts";
import { JsonLog } from "./json-log.ts";
import { settleMessage } from "./json-message.ts";
import { pointsOf } from "./json-metric.ts";
import { type JsonPlace, placesOf } from "./json-place.ts";
import { JsonSpan } from "./json-span.ts";
import { parseJson } from "./json-text.ts";
import { type Decoded, OtlpError, type Signal } from "./malformed.ts";
import { messagesOf, type PlainMessage } from "./plain.ts";

type ReadItem = (place: JsonPlace, item: PlainMessage) => readonly SignalView[];

const readers: Readonly<Record<Signal, ReadItem>> = {
  traces: (place, item) => [new JsonSpan(place, item)],
  logs: (place, item) => [new JsonLog(place, item)],
  metrics: pointsOf,
};

export function decodeJson(signal: Signal, bytes: Uint8Array): Decoded {
  const { request, resources, scopes, items: itemsName } = envelopes[signal];
  const parsed = parseJson(bytes);
  const settled = settleMessage(request, parsed.value);
  const items: SignalView[] = [];
  for (const ofResource of messagesOf(settled[resources])) {
    const placeOf = placesOf(signal, ofResource);
    for (const ofScope of messagesOf(ofResource[scopes])) {
      const place = placeOf(ofScope);
      for (const item of messagesOf(ofScope[itemsName])) {
        for (const view of readers[signal](place, item)) items.push(view);
        if (items.length > limits.requestItemsMax) {
          const reason = `more than ${limits.requestItemsMax} items in one request`;
          throw new OtlpError("OTLP_LIMIT", reason, resources);
        }
      }
    }
  }
  return { outcome: "ok", items, repaired: parsed.repaired };
}
