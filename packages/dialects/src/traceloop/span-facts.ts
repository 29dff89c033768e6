import type { FactSink, SpanView } from "@custody/model";
import { filled, firstFilled } from "../attributes.ts";
import { toolExecution } from "../conventions/tool-execution.ts";
import { turn } from "../conventions/turn.ts";
import { verdict } from "../conventions/verdict.ts";
import { toolMessage } from "../tool-message.ts";
import { argumentsOf, resultOf } from "./entity-content.ts";
import { convention, guard, input, names, output, spanKind } from "./fields.ts";

/** A tool by its decorator. Nothing names the call but LangChain's result. */
export function toolCall(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const message = toolMessage(filled(attributes, output));
  return toolExecution(item, sink, convention, {
    call: firstFilled(attributes, names.call) ?? message?.call,
    arguments: firstFilled(attributes, names.arguments) ?? argumentsOf(filled(attributes, input)),
    result:
      firstFilled(attributes, names.result) ??
      message?.content ??
      resultOf(filled(attributes, output)),
    error: message?.isError === true ? { type: "tool_error", text: undefined } : undefined,
  });
}

/** An agent that nothing stands above is the run; within a workflow it is a part of the workflow's run. */
export function agent(item: SpanView, sink: FactSink): "done" {
  return item.parentSpanId === undefined ? turn(item, sink, convention) : noise(item, sink);
}

export function noise({ attributes }: SpanView, sink: FactSink): "done" {
  const name = filled(attributes, spanKind) ?? firstFilled(attributes, names.operation) ?? "";
  sink.noise(`traceloop ${name}`);
  return "done";
}

/** A guard's verdict on the run it guards. One that could not be carried out gave none. */
export function guardVerdict(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  if (filled(attributes, guard.count) !== undefined) return noise(item, sink);
  const status = filled(attributes, guard.status);
  if (status === undefined || filled(attributes, guard.error) !== undefined) return "opaque";
  const name = filled(attributes, guard.name);
  return verdict(item, sink, convention, {
    dialect: "traceloop",
    decision: status,
    source: "guardrail",
    attrs: name === undefined ? undefined : { "guardrail.name": name },
  });
}
