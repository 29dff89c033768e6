import type { FactSink, SpanView } from "@custody/model";
import { firstWhole } from "../attributes.ts";
import { inference } from "../conventions/inference.ts";
import { turn } from "../conventions/turn.ts";
import { convention } from "./fields.ts";

/** OTLP's number for a span of kind CLIENT. */
const client = 3;

/**
 * A run of an agent. One on a remote service (CLIENT) has its model calls out of sight: what the service says they cost is kept beside it, to be
 * counted only where no call of its own is.
 */
export function agentRun(item: SpanView, sink: FactSink): "done" {
  const hasTokens = firstWhole(item.attributes, convention.words.inputTokens) !== undefined;
  if (item.kind === client && hasTokens) {
    inference(item, sink, convention, { purpose: "invoke_agent", primary: false });
  }
  return turn(item, sink, convention);
}
