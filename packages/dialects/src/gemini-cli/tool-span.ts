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
 * answer. What ran bears the name that the call's event can say as well, which takes the arguments: without them, and so without
 * `telemetry.traces`, the span proves a decision that was carried out, and the event alone says how it went.
 */
export function toolSpan(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const tool = filled(attributes, "gen_ai.tool.name");
  const id = filled(attributes, callIdAttribute) ?? filled(attributes, "gen_ai.tool.call.id");
  if (tool === undefined || id === undefined) return "opaque";
  const envelope = spanEnvelope(item);
  const request = attributes.text("gen_ai.input.messages");
  const args = jsonText(at(parsedJson(request), "args"));
  sink.fact({
    class: "decision",
    key: spanKey(item, "decision"),
    ...envelope,
    ...present({ span: item.spanId }),
    call: id,
    body: {
      tool,
      kind: kindOf(tool, undefined),
      arguments_state:
        args !== undefined ? "reported" : request === undefined ? "withheld" : "missing",
    },
    ...contents({ arguments: args, attributes: unlisted(item, knownOfConventions) }),
  });
  if (args === undefined || item.parentSpanId === undefined) return "done";
  const call = callOfSpan(item.parentSpanId, tool, args);
  const told = toldCall(parsedJson(attributes.text("gen_ai.output.messages")));
  tellExecution(item, { tool, id, call, args, told }, sink);
  return "done";
}

interface Execution {
  readonly tool: string;
  readonly id: string;
  readonly call: string;
  readonly args: string;
  /** Undefined where the span's content was cut, which leaves the outcome to the event. */
  readonly told: ToldCall | undefined;
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
