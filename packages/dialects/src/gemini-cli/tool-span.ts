import type { FactSink, SpanView } from "@custody/model";
import { filled, unlisted } from "../attributes.ts";
import { byteLength } from "../byte-length.ts";
import { contents } from "../content.ts";
import { at, jsonText, parsedJson } from "../json-path.ts";
import { present } from "../present.ts";
import { callOfSpan } from "./calls.ts";
import { spanEnvelope, spanKey } from "./envelope.ts";
import { knownOfConventions } from "./fields.ts";
import { type ToldCall, toldCall } from "./told-call.ts";
import { kindOf, trustOf } from "./tools.ts";

/** Attribute of our own that ties the name the event can say to the id that the model's answer says. */
export const callIdAttribute = "gen_ai.tool.call_id";

/**
 * `tool_call`: the execution of a call, and nothing before it; a call that was refused has none. The decision bears the id of the model's
 * answer; what ran bears the name that the call's event can say as well, and both hold the arguments, which ties them. Without
 * `telemetry.traces` a span has none: then it cannot be tied to its event, which tells the call whole, so it is kept beside the session
 * and is no second call.
 */
export function toolSpan(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const tool = filled(attributes, "gen_ai.tool.name");
  const id = filled(attributes, callIdAttribute) ?? filled(attributes, "gen_ai.tool.call.id");
  if (tool === undefined || id === undefined) return "opaque";
  const args = jsonText(at(parsedJson(attributes.text("gen_ai.input.messages")), "args"));
  if (args === undefined || item.parentSpanId === undefined) {
    tellBare(item, tool, id, sink);
    return "done";
  }
  const call = callOfSpan(item.parentSpanId, tool, args);
  const told = toldCall(parsedJson(attributes.text("gen_ai.output.messages")));
  tellDecision(item, { tool, id, call, args, told }, sink);
  tellExecution(item, { tool, id, call, args, told }, sink);
  return "done";
}

function tellBare(item: SpanView, tool: string, id: string, sink: FactSink): void {
  const { attributes } = item;
  const envelope = spanEnvelope(item);
  sink.fact({
    class: "session",
    key: spanKey(item, "session"),
    ...envelope,
    ...present({ span: item.spanId }),
    body: { event: "seen" },
    attrs: {
      ...envelope.attrs,
      event: "tool_call",
      "gen_ai.tool.name": tool,
      [callIdAttribute]: id,
    },
    ...contents({
      request: filled(attributes, "gen_ai.input.messages"),
      response: filled(attributes, "gen_ai.output.messages"),
      attributes: unlisted(item, knownOfConventions),
    }),
  });
}

interface Execution {
  readonly tool: string;
  readonly id: string;
  readonly call: string;
  readonly args: string;
  /** Undefined where the span's content was cut, which leaves the outcome to the event. */
  readonly told: ToldCall | undefined;
}

/** Once under each of its names: what the model chose, and what was carried out. */
function tellDecision(item: SpanView, said: Execution, sink: FactSink): void {
  const { tool, id, call, args } = said;
  for (const name of [id, call]) {
    sink.fact({
      class: "decision",
      key: spanKey(item, "decision", name === id ? "chosen" : "carried out"),
      ...spanEnvelope(item),
      ...present({ span: item.spanId }),
      call: name,
      body: { tool, kind: kindOf(tool, undefined), arguments_state: "reported" },
      ...contents({ arguments: args, attributes: unlisted(item, knownOfConventions) }),
    });
  }
}

function tellExecution(item: SpanView, said: Execution, sink: FactSink): void {
  const { tool, id, call, args, told } = said;
  const envelope = { ...spanEnvelope(item), call };
  const kind = kindOf(tool, undefined);
  const attrs = { ...envelope.attrs, [callIdAttribute]: id };
  sink.fact({
    class: "tool_call",
    key: spanKey(item, "tool_call"),
    ...envelope,
    ...present({ ts: item.end ?? item.start, span: item.spanId }),
    body: present({
      event: "result" as const,
      tool,
      kind,
      namespace: told?.server,
      mcp_server: told?.server,
      status: told?.outcome.status ?? ("unknown" as const),
      success: told?.success,
      exit_code: kind === "exec" ? told?.exitCode : undefined,
      exec_start: item.start,
      arguments_state: "reported" as const,
      error_type: told?.errorType,
      primary: false,
    }),
    attrs,
    ...contents({ arguments: args, error: told?.error }),
  });
  if (told?.output === undefined) return;
  sink.fact({
    class: "observation",
    key: spanKey(item, "observation"),
    ...envelope,
    ...present({ ts: item.end ?? item.start, parent: item.spanId }),
    body: { state: "reported", trust: trustOf(kind), bytes: byteLength(told.output) },
    attrs,
    content: { content: told.output },
  });
}
