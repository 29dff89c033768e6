import type { Dialect, FactSink, SpanView } from "@custody/model";
import { isOpenInference } from "./detect.ts";
import { openInferenceExpects } from "./expects.ts";
import { kinds, type Reading, spanKind } from "./fields.ts";
import { modelCall } from "./inference-facts.ts";
import { openInferenceProfile } from "./profile.ts";
import { agent, chain, guardrail, noise } from "./run-facts.ts";
import { toolCall } from "./tool-facts.ts";

/** Agents instrumented with OpenInference, in whatever language and with whatever framework. */
export const openInference: Dialect = {
  name: "openinference",
  version: "1",
  profiles: [openInferenceProfile],
  expects: openInferenceExpects,
  claims: isOpenInference,
  normalise(item, sink) {
    if (item.signal !== "span" || item.spanId === undefined) return "opaque";
    const reading = kinds.get(item.attributes.text(spanKind)?.toUpperCase() ?? "");
    return reading === undefined ? "opaque" : readers[reading](item, sink);
  },
};

const readers: Readonly<Record<Reading, (item: SpanView, sink: FactSink) => "done" | "opaque">> = {
  inference: (item, sink) => modelCall(item, sink, undefined),
  embeddings: (item, sink) => modelCall(item, sink, "embeddings"),
  tool: toolCall,
  agent,
  chain,
  guardrail,
  noise,
};
