import type { FactSink, SpanView } from "@custody/model";
import { firstFilled } from "../attributes.ts";
import { errorOf, type Failure } from "../conventions/span-content.ts";
import { toolExecution } from "../conventions/tool-execution.ts";
import { verdict } from "../conventions/verdict.ts";
import { rejectedCall } from "../openai-refusal.ts";
import { toolMessage } from "../tool-message.ts";
import { convention, names } from "./fields.ts";

/** A tool execution. Few instrumentations name the call; LangChain's result does, and so does a rejection of the OpenAI Agents SDK. */
export function toolCall(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const tool = firstFilled(attributes, names.tool) ?? item.name;
  if (tool === "") return "opaque";
  const error = errorOf(item, names);
  const call =
    firstFilled(attributes, names.arguments) === undefined ? rejectedCall(error?.text) : undefined;
  if (call !== undefined) {
    verdict(item, sink, convention, {
      dialect: "openai-agents",
      decision: "rejected",
      source: "needsApproval",
      call,
      tool,
      reason: error?.text,
    });
    return toolExecution(item, sink, convention, { tool, call, status: "denied" });
  }
  const message = toolMessage(firstFilled(attributes, names.result));
  return toolExecution(item, sink, convention, {
    tool,
    call: firstFilled(attributes, names.call) ?? message?.call,
    result: message?.content,
    error: error ?? (message?.isError === true ? failedResult : undefined),
  });
}

/** LangGraph's tool node turns what a tool throws into a message for the model. */
const failedResult: Failure = { type: "tool_error", text: undefined };
