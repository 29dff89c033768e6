import type { Dialect, FactSink, SpanView } from "@custody/model";
import { filled, firstFilled } from "../attributes.ts";
import { conventionEvents, eventName } from "../conventions/events.ts";
import { readings } from "../conventions/readings.ts";
import { isGenAi } from "./detect.ts";
import { convention, noiseMetrics, operations } from "./fields.ts";
import { own } from "./own-fields.ts";
import { ownSpan } from "./own-spans.ts";

/** Agents that speak the OpenTelemetry GenAI conventions, old names or new, and those that our own instrumentation watches. */
export const genAi: Dialect = {
  name: "genai",
  version: "1",
  claims: isGenAi,
  normalise(item, sink) {
    switch (item.signal) {
      case "log":
        return conventionEvents.get(eventName(item))?.(item, sink, convention) ?? "opaque";
      case "metric":
        if (!noiseMetrics.has(item.name)) return "opaque";
        sink.noise(item.name);
        return "done";
      case "span":
        return item.attributes.text(own.kind) === undefined
          ? span(item, sink)
          : ownSpan(item, sink);
    }
  },
};

function span(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  if (item.spanId === undefined) return "opaque";
  const operation = firstFilled(attributes, convention.words.operation);
  if (operation === undefined) {
    // The MCP conventions name the operation only for tool calls, and older ones not even there.
    return filled(attributes, "mcp.method.name") === "tools/call"
      ? readings.tool(item, sink, convention, "execute_tool")
      : "opaque";
  }
  const reading = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  return reading === undefined ? "opaque" : readings[reading](item, sink, convention, operation);
}
