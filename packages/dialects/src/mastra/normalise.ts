import type { Dialect, FactSink, LogView, SpanView } from "@custody/model";
import { filled, firstWhole } from "../attributes.ts";
import { chosen } from "../conventions/chosen.ts";
import { spanEnvelope } from "../conventions/envelope.ts";
import { inference } from "../conventions/inference.ts";
import { readings } from "../conventions/readings.ts";
import { toolExecution } from "../conventions/tool-execution.ts";
import { isMastra } from "./detect.ts";
import { mastraExpects } from "./expects.ts";
import { convention, failedReason, type Reading, spanType, stepOutput, types } from "./fields.ts";
import { mastraProfile } from "./profile.ts";

/** Agents on Mastra, which speaks the GenAI conventions and puts prompts and choices where they do not. */
export const mastra: Dialect = {
  name: "mastra",
  version: "1",
  profiles: [mastraProfile],
  expects: mastraExpects,
  claims: isMastra,
  normalise(item, sink) {
    switch (item.signal) {
      case "log":
        return log(item, sink);
      case "metric":
        return "opaque";
      case "span":
        return span(item, sink);
    }
  },
};

type Read = (item: SpanView, sink: FactSink) => "done" | "opaque";

const readers: Readonly<Record<Reading, Read>> = {
  turn: (item, sink) => readings.turn(item, sink, convention, "agent_run"),
  inference: modelCall,
  generation,
  step,
  tool: (item, sink) => toolExecution(item, sink, convention),
  mcpTool: (item, sink) => toolExecution(item, sink, convention, { kind: "mcp" }),
  side: (item, sink) => readings.side(item, sink, convention, "embeddings"),
  noise: (item, sink) => {
    sink.noise(`span ${filled(item.attributes, spanType) ?? ""}`);
    return "done";
  },
};

function span(item: SpanView, sink: FactSink): "done" | "opaque" {
  const type = filled(item.attributes, spanType) ?? "";
  const reading = Object.hasOwn(types, type) ? types[type] : undefined;
  return reading === undefined || item.spanId === undefined
    ? "opaque"
    : readers[reading](item, sink);
}

function modelCall(item: SpanView, sink: FactSink): "done" {
  const reasons = item.attributes.text("gen_ai.response.finish_reasons") ?? "";
  const isFailed = reasons === failedReason || reasons === `["${failedReason}"]`;
  return inference(item, sink, convention, isFailed ? { failed: true } : {});
}

/** The whole loop of a run; where no span below it says what a model call used, it is the model call. */
function generation(item: SpanView, sink: FactSink): "done" {
  const isCall = firstWhole(item.attributes, convention.words.inputTokens) !== undefined;
  if (isCall) return modelCall(item, sink);
  sink.noise("span model_generation");
  return "done";
}

/** One answer of the model with the calls it chose. Its tokens are on the model call below it. */
function step(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  sink.noise("span model_step");
  chosen(item, sink, spanEnvelope(item, convention), attributes.text(stepOutput));
  return "done";
}

/** Lines of the framework's own log, which its spans say as facts. They name no call. */
function log(item: LogView, sink: FactSink): "done" {
  sink.noise(item.severityNumber >= 17 ? "log error" : "log");
  return "done";
}
