import type { FactSink, SpanView } from "@custody/model";
import { filled, unlisted } from "../attributes.ts";
import { contents } from "../content.ts";
import { listAt, parsedJson } from "../json-path.ts";
import { present } from "../present.ts";
import { tellApproval } from "./approval-facts.ts";
import { callOfSpan } from "./calls.ts";
import { type Envelope, spanEnvelope, spanKey } from "./envelope.ts";
import { knownOfConventions } from "./fields.ts";
import { flagsOf } from "./session-facts.ts";
import { type ToldCall, toldCall } from "./told-call.ts";
import { callIdAttribute } from "./tool-span.ts";
import { kindOf } from "./tools.ts";

/** Calls of one answer that are looked at; a model asks for a few. */
const scheduledMax = 128;

/**
 * `schedule_tool_calls`: the calls of one answer. Its content tells each outcome of a confirmation as it was, and of a call that was never
 * run it is the only span. A bare one, and one whose content was cut, says nothing that its calls do not say.
 */
export function scheduledCalls(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const output = filled(attributes, "gen_ai.output.messages");
  const calls = listAt(parsedJson(output)).slice(0, scheduledMax).map(toldCall);
  const told = calls.filter((call) => call !== undefined);
  if (told.length === 0) {
    sink.noise("schedule_tool_calls");
    return "done";
  }
  const envelope = spanEnvelope(item);
  tellMode(item, envelope, told, sink);
  for (const [at, call] of told.entries()) tellCall(item, envelope, String(at), call, sink);
  return "done";
}

/** The mode in force when the calls were scheduled; of spans alone it is how a session's mode is known. */
function tellMode(
  item: SpanView,
  envelope: Envelope,
  told: readonly ToldCall[],
  sink: FactSink,
): void {
  const mode = told[0]?.mode;
  if (mode === undefined) return;
  sink.fact({
    class: "session",
    key: spanKey(item, "session"),
    ...envelope,
    ...present({ span: item.spanId }),
    body: present({ event: "seen" as const, approval_mode: mode, flags: flagsOf(mode) }),
    ...contents({ attributes: unlisted(item, knownOfConventions) }),
  });
}

function tellCall(
  item: SpanView,
  shared: Envelope,
  at: string,
  told: ToldCall,
  sink: FactSink,
): void {
  const { tool, arguments: args, outcome } = told;
  if (args === undefined) return;
  const envelope = {
    ...shared,
    ...present({ ts: item.end ?? item.start, parent: item.spanId }),
    call: callOfSpan(item.spanId ?? "", tool, args),
    attrs: { ...shared.attrs, ...(told.id === undefined ? {} : { [callIdAttribute]: told.id }) },
  };
  tellApproval(
    { envelope, key: spanKey(item, "approval", at), tool, primary: false, mode: told.mode },
    { ...told, interactive: undefined },
    sink,
  );
  if (outcome.ran === true) return;
  const kind = kindOf(tool, undefined);
  const body = { tool, kind, arguments_state: "reported" as const };
  const content = contents({ arguments: args, error: told.error });
  for (const name of told.id === undefined ? [envelope.call] : [told.id, envelope.call]) {
    sink.fact({
      class: "decision",
      key: spanKey(item, "decision", at, name === told.id ? "chosen" : "carried out"),
      ...envelope,
      call: name,
      body,
      ...contents({ arguments: args }),
    });
  }
  sink.fact({
    class: "tool_call",
    key: spanKey(item, "tool_call", at),
    ...envelope,
    body: present({
      ...body,
      event: "result" as const,
      status: outcome.status,
      success: told.success,
      mcp_server: told.server,
      error_type: told.errorType,
      duration_ms: told.durationMs,
      primary: false,
    }),
    ...content,
  });
}
