import type { Dialect, FactSink, SpanView } from "@custody/model";
import { filled, firstFilled } from "../attributes.ts";
import { conventionEvents, eventName } from "../conventions/events.ts";
import { inference } from "../conventions/inference.ts";
import { toolExecution } from "../conventions/tool-execution.ts";
import { turn } from "../conventions/turn.ts";
import { isGenAi } from "./detect.ts";
import { convention, names, noiseMetrics, operations, type Reading } from "./fields.ts";
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

const readers: Readonly<Record<Reading, (item: SpanView, sink: FactSink) => "done" | "opaque">> = {
  inference: (item, sink) => inference(item, sink, convention),
  embeddings: (item, sink) => inference(item, sink, convention, { purpose: "embeddings" }),
  tool: (item, sink) => toolExecution(item, sink, convention),
  turn: (item, sink) => turn(item, sink, convention),
  noise: (item, sink) => {
    sink.noise(`operation ${firstFilled(item.attributes, names.operation) ?? ""}`);
    return "done";
  },
};

function span(item: SpanView, sink: FactSink): "done" | "opaque" {
  const reading = readingOf(item);
  return reading === undefined || item.spanId === undefined
    ? "opaque"
    : readers[reading](item, sink);
}

function readingOf({ attributes }: SpanView): Reading | undefined {
  const operation = firstFilled(attributes, names.operation);
  if (operation !== undefined) {
    return Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  }
  // The MCP conventions name the operation only for tool calls, and older ones not even there.
  return filled(attributes, "mcp.method.name") === "tools/call" ? "tool" : undefined;
}
