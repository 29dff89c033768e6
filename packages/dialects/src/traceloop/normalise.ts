import type { Dialect, FactSink, SpanView } from "@custody/model";
import { filled, firstFilled } from "../attributes.ts";
import { inference } from "../conventions/inference.ts";
import { turn } from "../conventions/turn.ts";
import { isTraceloop } from "./detect.ts";
import { traceloopExpects } from "./expects.ts";
import {
  convention,
  kinds,
  names,
  operations,
  type Reading,
  spanKind,
  wrapping,
} from "./fields.ts";
import { traceloopProfile } from "./profile.ts";
import { agent, guardVerdict, noise, toolCall } from "./span-facts.ts";

/** Agents instrumented with OpenLLMetry (Traceloop), new names or old. */
export const traceloop: Dialect = {
  name: "traceloop",
  version: "1",
  profiles: [traceloopProfile],
  expects: traceloopExpects,
  claims: isTraceloop,
  normalise(item, sink) {
    if (item.signal !== "span" || item.spanId === undefined) return "opaque";
    const reading = readingOf(item);
    return reading === undefined ? "opaque" : readers[reading](item, sink);
  },
};

const readers: Readonly<Record<Reading, (item: SpanView, sink: FactSink) => "done" | "opaque">> = {
  inference: (item, sink) => inference(item, sink, convention),
  embeddings: (item, sink) => inference(item, sink, convention, { purpose: "embeddings" }),
  tool: toolCall,
  turn: (item, sink) => turn(item, sink, convention),
  agent,
  guard: guardVerdict,
  noise,
};

function readingOf({ attributes }: SpanView): Reading | undefined {
  const kind = filled(attributes, spanKind)?.toLowerCase() ?? "";
  const operation = firstFilled(attributes, names.operation)?.toLowerCase() ?? "";
  return kinds.get(kind) ?? operations.get(operation) ?? (wrapping.has(kind) ? "noise" : undefined);
}
