import type { Dialect, FactSink, SpanView } from "@custody/model";
import { firstFilled } from "../attributes.ts";
import { permissionAsked } from "./approval-facts.ts";
import { isOpencode } from "./detect.ts";
import { opencodeExpects } from "./expects.ts";
import { metricNames, names, operations, type Reading } from "./fields.ts";
import { inference, modelCall, total } from "./inference-facts.ts";
import { logRecord } from "./log-facts.ts";
import { noiseParts, noiseRequests, noiseSpans } from "./noise-parts.ts";
import { opencodeProfile } from "./profile.ts";
import { execution, sdkCall } from "./tool-facts.ts";
import { promptTaken } from "./turn-facts.ts";

/** opencode: a few spans among thousands, and log records without names. */
export const opencode: Dialect = {
  name: "opencode",
  version: "1",
  profiles: [opencodeProfile],
  expects: opencodeExpects,
  claims: isOpencode,
  normalise(item, sink) {
    switch (item.signal) {
      case "log":
        return logRecord(item, sink);
      case "metric":
        if (!metricNames.has(item.name)) return "opaque";
        sink.noise(item.name);
        return "done";
      case "span":
        return span(item, sink);
    }
  },
};

type Read = (item: SpanView, sink: FactSink) => "done" | "opaque";

/** Its own spans, by name: their attributes are few or none. */
const spans: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["Tool.execute", execution],
  ["Permission.ask", permissionAsked],
  ["PermissionV2.ask", permissionAsked],
  ["PermissionV2.assert", permissionAsked],
  ["LLM.run", modelCall],
  ["SessionPrompt.createUserMessage", promptTaken],
]);

/** The AI SDK's, by operation. */
const readers: Readonly<Record<Reading, Read>> = {
  inference: (item, sink) => inference(item, sink, undefined),
  embeddings: (item, sink) => inference(item, sink, "embeddings"),
  total,
  call: sdkCall,
  noise: (item, sink) => {
    sink.noise(item.name);
    return "done";
  },
};

function span(item: SpanView, sink: FactSink): "done" | "opaque" {
  if (item.spanId === undefined) return "opaque";
  const operation = firstFilled(item.attributes, names.operation);
  const reading =
    operation !== undefined && Object.hasOwn(operations, operation)
      ? operations[operation]
      : undefined;
  const read = reading === undefined ? spans.get(item.name) : readers[reading];
  if (read !== undefined) return read(item, sink);
  if (operation !== undefined || !isNoise(item.name)) return "opaque";
  sink.noise(item.name.startsWith(noiseRequests) ? noiseRequests.trim() : item.name);
  return "done";
}

function isNoise(name: string): boolean {
  if (noiseSpans.has(name) || name.startsWith(noiseRequests)) return true;
  const part = name.indexOf(".");
  return part > 0 && noiseParts.has(name.slice(0, part));
}
