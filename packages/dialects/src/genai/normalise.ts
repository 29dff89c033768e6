import type { Dialect, FactSink, SpanView } from "@custody/model";
import { firstFilled } from "../attributes.ts";
import { conventionEvents, eventName } from "../conventions/events.ts";
import { readings } from "../conventions/readings.ts";
import { toolExecution } from "../conventions/tool-execution.ts";
import { isGenAi } from "./detect.ts";
import { genAiExpects } from "./expects.ts";
import { convention, metricNames, operations, type Reading } from "./fields.ts";
import { gateVerdict, guardrailRun } from "./guardrail.ts";
import { own } from "./own-fields.ts";
import { ownSpan } from "./own-spans.ts";
import { genAiProfile } from "./profile.ts";
import { agentRun } from "./remote-agent.ts";
import { retrieval } from "./retrieval.ts";
import { setup } from "./setup.ts";
import { tallies } from "./tallies.ts";

/** Agents that speak the OpenTelemetry GenAI conventions, old names or new, and those that our own instrumentation watches. */
export const genAi: Dialect = {
  name: "genai",
  version: "1",
  tallies,
  profiles: [genAiProfile],
  expects: genAiExpects,
  claims: isGenAi,
  normalise(item, sink) {
    switch (item.signal) {
      case "log":
        return conventionEvents.get(eventName(item))?.(item, sink, convention) ?? "opaque";
      case "metric":
        if (!metricNames.has(item.name)) return "opaque";
        sink.noise(item.name);
        return "done";
      case "span":
        return item.attributes.text(own.kind) === undefined
          ? span(item, sink)
          : ownSpan(item, sink);
    }
  },
};

type Read = (item: SpanView, sink: FactSink, operation: string) => "done" | "opaque";

const readers: Readonly<Record<Reading, Read>> = {
  inference: (item, sink, operation) => readings.inference(item, sink, convention, operation),
  side: (item, sink, operation) => readings.side(item, sink, convention, operation),
  noise: (item, sink, operation) => readings.noise(item, sink, convention, operation),
  turn: agentRun,
  tool: (item, sink) => toolExecution(item, sink, convention, { status: gateVerdict(item, sink) }),
  // What is written to a memory stays in the world; the operation is the tool, and whether a model chose it is not said.
  memory: (item, sink, operation) =>
    toolExecution(item, sink, convention, { tool: operation, decides: false }),
  guardrail: guardrailRun,
  retrieval,
  setup,
};

function span(item: SpanView, sink: FactSink): "done" | "opaque" {
  if (item.spanId === undefined) return "opaque";
  const operation = firstFilled(item.attributes, convention.words.operation) ?? "";
  const reading = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  return reading === undefined ? "opaque" : readers[reading](item, sink, operation);
}
