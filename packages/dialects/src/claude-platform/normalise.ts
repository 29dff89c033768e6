import type { Dialect, FactSink, SpanView } from "@custody/model";
import { firstFilled } from "../attributes.ts";
import { readings } from "../conventions/readings.ts";
import { toolExecution } from "../conventions/tool-execution.ts";
import { isClaudePlatform } from "./detect.ts";
import { claudePlatformExpects } from "./expects.ts";
import { convention, mcpToolSpan, operations, type Reading, requestNames } from "./fields.ts";
import { claudePlatformProfile } from "./profile.ts";

/**
 * Spans of the Claude SDK in an application, and of the Claude API behind it. Both tell a response under the name the API gave it, so that
 * readers count it once.
 */
export const claudePlatform: Dialect = {
  name: "claude-platform",
  version: "1",
  profiles: [claudePlatformProfile],
  expects: claudePlatformExpects,
  claims: isClaudePlatform,
  normalise(item, sink) {
    return item.signal === "span" ? span(item, sink) : "opaque";
  },
};

type Read = (item: SpanView, sink: FactSink) => "done" | "opaque";

const readers: Readonly<Record<Reading, Read>> = {
  inference: (item, sink) => readings.inference(item, sink, convention, "chat"),
  turn: (item, sink) => readings.turn(item, sink, convention, "invoke_agent"),
  tool: (item, sink) =>
    toolExecution(item, sink, convention, item.name.startsWith(mcpToolSpan) ? { kind: "mcp" } : {}),
};

function span(item: SpanView, sink: FactSink): "done" | "opaque" {
  if (item.spanId === undefined) return "opaque";
  const operation = firstFilled(item.attributes, convention.words.operation);
  if (operation === undefined) return request(item, sink);
  const reading = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  return reading === undefined ? "opaque" : readers[reading](item, sink);
}

/** Files, lists and streams of the API: requests that no model answers. Their names are many and counted as one. */
function request(item: SpanView, sink: FactSink): "done" | "opaque" {
  if (!requestNames.some((name) => item.attributes.value(name) !== undefined)) return "opaque";
  sink.noise("api request");
  return "done";
}
