import type { FactSink, SpanView } from "@custody/model";
import { filled } from "../attributes.ts";
import { isMembers, member as memberOf } from "../conventions/message-text.ts";
import { errorOf, type Failure } from "../conventions/span-content.ts";
import { toolExecution } from "../conventions/tool-execution.ts";
import { verdict } from "../conventions/verdict.ts";
import { parsedJson } from "../json-path.ts";
import { rejectedCall } from "../openai-refusal.ts";
import { convention, member, names } from "./fields.ts";

/** A tool of the application or of an MCP server. It names no call, but a rejection does. */
export function toolCall(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const tool = filled(attributes, member.name);
  const error = failureOf(item);
  const call = wasCarriedOut(item) ? undefined : rejectedCall(filled(attributes, member.rejection));
  if (call !== undefined) {
    verdict(item, sink, convention, {
      dialect: "openai-agents",
      decision: "rejected",
      source: "needsApproval",
      call,
      tool,
      reason: error?.text,
    });
    return toolExecution(item, sink, convention, { call, status: "denied", error });
  }
  const mcp = filled(attributes, member.mcp);
  return toolExecution(item, sink, convention, {
    error,
    ...(mcp === undefined ? {} : { kind: "mcp" as const, server: serverOf(mcp) }),
  });
}

/** The SDK sets the input when it begins to carry a call out, and its own words stand before those of a tool that threw. */
function wasCarriedOut({ attributes, statusMessage }: SpanView): boolean {
  return (
    filled(attributes, "span_data.input") !== undefined ||
    statusMessage.startsWith("Error running tool")
  );
}

function failureOf(item: SpanView): Failure | undefined {
  const error = errorOf(item, names);
  const detail = filled(item.attributes, member.rejection);
  if (error === undefined || detail === undefined) return error;
  return { type: error.type, text: `${error.text ?? ""}: ${detail}` };
}

function serverOf(text: string): string | undefined {
  const value = parsedJson(text);
  const server = isMembers(value) ? memberOf(value, "server") : undefined;
  return typeof server === "string" && server !== "" ? server : undefined;
}

/** One agent handing the run to another is a call of the model as well, under a name of the application's choice that is not told. */
export function handoff(item: SpanView, sink: FactSink): "done" | "opaque" {
  return toolExecution(item, sink, convention, {
    tool: "handoff",
    kind: "agent",
    error: failureOf(item),
  });
}
