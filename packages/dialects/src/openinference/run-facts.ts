import type { FactSink, SpanView } from "@custody/model";
import { filled, firstFilled } from "../attributes.ts";
import { inputOf } from "../conventions/span-content.ts";
import { turn } from "../conventions/turn.ts";
import { verdict } from "../conventions/verdict.ts";
import { convention, guardrailName, metadata, names, node, spanKind, triggered } from "./fields.ts";

/**
 * An agent's run is a turn, from what it was asked to its answer. An agent that is a node of a graph takes part in the run of the graph,
 * which has a span of its own around it.
 */
export function agent(item: SpanView, sink: FactSink): "done" {
  const isRun = item.parentSpanId === undefined || !isNode(item);
  return isRun ? turn(item, sink, convention) : noise(item, sink);
}

/** A chain is a step of a run; one that nothing stands above, and that was asked something, is the run. */
export function chain(item: SpanView, sink: FactSink): "done" {
  const isRun = item.parentSpanId === undefined && inputOf(item.attributes, names) !== undefined;
  return isRun ? turn(item, sink, convention) : noise(item, sink);
}

function isNode({ attributes }: SpanView): boolean {
  if (filled(attributes, node) !== undefined) return true;
  return attributes.text(metadata)?.includes('"langgraph_node"') === true;
}

export function noise({ attributes }: SpanView, sink: FactSink): "done" {
  sink.noise(`openinference ${attributes.text(spanKind) ?? ""}`);
  return "done";
}

/** A guardrail that says whether it was triggered gave a verdict on the run it guards; no call is named. Any other is counted. */
export function guardrail(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const isTriggered = attributes.boolean(triggered);
  if (isTriggered === undefined) return noise(item, sink);
  const name = firstFilled(attributes, guardrailName);
  return verdict(item, sink, convention, {
    dialect: "openinference",
    decision: isTriggered ? "triggered" : "passed",
    source: "guardrail",
    attrs: name === undefined ? undefined : { "guardrail.name": name },
  });
}
