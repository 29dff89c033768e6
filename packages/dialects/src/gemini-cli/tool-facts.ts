import { type FactSink, type LogView, shiftMillis } from "@custody/model";
import { filled, listed, unlisted, whole } from "../attributes.ts";
import { type Content, contentOf, contents } from "../content.ts";
import { at, compactJson, parsedJson } from "../json-path.ts";
import { present } from "../present.ts";
import { type CallEnvelope, tellApproval } from "./approval-facts.ts";
import { callOfEvent } from "./calls.ts";
import { eventKey, logEnvelope, promptOf } from "./envelope.ts";
import { common, kept, known } from "./fields.ts";
import { type Outcome, outcomeOf } from "./outcomes.ts";
import { kindOf, trustOf } from "./tools.ts";

/** `tool_call`: one event at the end of a call holds the decision, the verdict and the outcome. What the tool gave back is in none. */
export function toolCall(item: LogView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const tool = filled(attributes, "function_name");
  if (tool === undefined) return "opaque";
  const args = contentOf(compactJson(attributes.text("function_args")), "withheld");
  const shared = logEnvelope(item);
  const name = callOfEvent({
    scheduler: item.traceId === undefined ? undefined : item.spanId,
    prompt: filled(attributes, common.prompt),
    tool,
    arguments: args.text,
    time: filled(attributes, "start_time") ?? attributes.text(common.time) ?? item.time,
  });
  const envelope = { ...shared, call: name.call };
  const errorType = filled(attributes, "error_type") ?? filled(attributes, "error.type");
  const decision = filled(attributes, "decision");
  const success = attributes.boolean("success");
  const error = filled(attributes, "error") ?? filled(attributes, "error.message");
  const outcome = outcomeOf({ success, decision, errorType, error });
  const said: Said = { tool, args, errorType, error, outcome, source: name.source };
  tellDecision(item, envelope, said, sink);
  tellApproval(
    { envelope, key: eventKey(item, "approval", envelope.call), tool, primary: true },
    { decision, success, errorType, interactive: attributes.boolean(common.interactive), outcome },
    sink,
  );
  tellResult(item, envelope, said, sink);
  return "done";
}

interface Said {
  readonly tool: string;
  readonly args: Content;
  readonly errorType: string | undefined;
  readonly error: string | undefined;
  readonly outcome: Outcome;
  readonly source: string;
}

function tellDecision(item: LogView, envelope: CallEnvelope, said: Said, sink: FactSink): void {
  const { attributes } = item;
  const server = filled(attributes, "mcp_server_name");
  sink.fact({
    class: "decision",
    key: eventKey(item, "decision", envelope.call),
    ...envelope,
    body: present({
      tool: said.tool,
      kind: kindOf(said.tool, attributes.text("tool_type")),
      namespace: server,
      arguments_state: said.args.state,
    }),
    attrs: { "call.source": said.source },
    ...contents({ arguments: said.args.text }),
  });
}

/** The duration runs from when the call was scheduled, so it includes the wait for whoever was asked. */
function tellResult(item: LogView, envelope: CallEnvelope, said: Said, sink: FactSink): void {
  const { attributes } = item;
  const { tool, args, outcome } = said;
  const kind = kindOf(tool, attributes.text("tool_type"));
  const server = filled(attributes, "mcp_server_name");
  const duration = whole(attributes, "duration_ms");
  const start = outcome.ran === true ? startBefore(envelope.ts, duration) : undefined;
  sink.fact({
    class: "tool_call",
    key: eventKey(item, "tool_call", envelope.call),
    ...envelope,
    body: present({
      event: "result" as const,
      tool,
      kind,
      namespace: server,
      status: outcome.status,
      success: attributes.boolean("success"),
      exit_code: kind === "exec" ? exitCodeOf(attributes.text("metadata")) : undefined,
      duration_ms: duration,
      exec_start: start,
      wait_included: start === undefined ? undefined : true,
      arguments_state: args.state,
      error_type: said.errorType,
      mcp_server: server,
      agent_path: promptOf(filled(attributes, common.prompt)).agentPath,
      primary: true,
    }),
    attrs: { "call.source": said.source, ...listed(attributes, kept.tool) },
    ...contents({
      arguments: args.text,
      error: said.error,
      metadata: filled(attributes, "metadata"),
      attributes: unlisted(item, knownOfCall),
    }),
  });
  if (outcome.ran !== true) return;
  sink.fact({
    class: "observation",
    key: eventKey(item, "observation", envelope.call),
    ...envelope,
    body: { state: "withheld", trust: trustOf(kind) },
  });
}

const knownOfCall: ReadonlySet<string> = new Set([...known, "metadata"]);

/** The shell tool says its exit code when it is not 0; it is what the tool says of itself, and never made up of `success`. */
function exitCodeOf(metadata: string | undefined): number | undefined {
  const code = at(parsedJson(metadata), "exitCode");
  return typeof code === "number" && Number.isSafeInteger(code) ? code : undefined;
}

/** A duration longer than the time since 1970 is not one. */
function startBefore(ts: string | undefined, durationMs: number | undefined): string | undefined {
  if (ts === undefined || durationMs === undefined || durationMs > Date.parse(ts)) return undefined;
  return shiftMillis(ts, -durationMs);
}
