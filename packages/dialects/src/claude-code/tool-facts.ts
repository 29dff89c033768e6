import {
  approvalWords,
  type FactSink,
  type LogView,
  shiftMillis,
  type Verdict,
} from "@custody/model";
import { filled, listed, unlisted, whole } from "../attributes.ts";
import { contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { approverOf } from "./approver.ts";
import { type Envelope, eventKey, logEnvelope } from "./envelope.ts";
import { common, kept, known } from "./fields.ts";
import { modeInForce } from "./session-facts.ts";
import { statusOf, type Tool, toolOf, trustOf } from "./tools.ts";

/**
 * `tool_decision`: the verdict and the decision it was given for. A rejected call has no `tool_result`, so its outcome is said here; an
 * accepted one begins here, and of a process that is killed meanwhile nothing else arrives.
 */
export function toolDecision(item: LogView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const call = filled(attributes, "tool_use_id");
  const decision = filled(attributes, "decision");
  if (call === undefined || decision === undefined) return "opaque";
  const envelope = { ...logEnvelope(item), call };
  const tool = toolOf(attributes);
  const args = contentOf(tool.parameters, "withheld");
  const verdict = approval(item, envelope, tool, decision, sink);
  sink.fact({
    class: "decision",
    key: eventKey(item, "decision", call),
    ...envelope,
    body: present({
      tool: tool.name,
      kind: tool.kind,
      namespace: tool.server,
      arguments_state: args.state,
    }),
    ...sandboxAttrs(tool),
    ...contents({ arguments: args.text }),
  });
  if (verdict !== "ask") {
    const refused = verdict !== "allow";
    sink.fact({
      class: "tool_call",
      key: eventKey(item, "tool_call", call),
      ...envelope,
      body: present({
        event: refused ? ("result" as const) : ("start" as const),
        tool: tool.name,
        kind: tool.kind,
        namespace: tool.server,
        status: refused ? ("denied" as const) : ("started" as const),
        arguments_state: args.state,
        mcp_server: tool.server,
        agent_path: filled(attributes, "agent_id"),
        primary: refused,
      }),
      ...contents({ arguments: args.text }),
    });
  }
  modeInForce(item, sink);
  return "done";
}

type CallEnvelope = Envelope & { readonly call: string };

function approval(
  item: LogView,
  envelope: CallEnvelope,
  tool: Tool,
  decision: string,
  sink: FactSink,
): Verdict {
  const { attributes } = item;
  const source = attributes.text("source") ?? "";
  const words = approvalWords("claude-code", decision, source);
  const verdict = words?.verdict ?? "ask";
  sink.fact({
    class: "approval",
    // The words of the verdict are no part of its identity: turned over, it contradicts the true one.
    key: eventKey(item, "approval", envelope.call),
    ...envelope,
    body: present({
      verdict,
      by: approverOf(words, attributes),
      scope: words?.scope ?? ("once" as const),
      raw: `${decision}/${source}`,
      tool: tool.name,
      mode: filled(attributes, "permission_mode"),
      primary: true,
    }),
    attrs: {
      ...listed(attributes, kept.approval),
      ...(words === undefined ? { "approval.words": "unlisted" } : {}),
    },
    ...contents({ attributes: unlisted(item, known) }),
  });
  return verdict;
}

/** `tool_result`: what became of an accepted call. Its duration is that of the execution alone. */
export function toolResult(item: LogView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const call = filled(attributes, "tool_use_id");
  if (call === undefined) return "opaque";
  const envelope = { ...logEnvelope(item), call };
  const tool = toolOf(attributes);
  const args = contentOf(filled(attributes, "tool_input") ?? tool.parameters, "withheld");
  const duration = whole(attributes, "duration_ms");
  const errorType = filled(attributes, "error_type");
  const success = attributes.boolean("success");
  const session = attributes.text(common.session) ?? "";
  if (args.state === "reported") decided(envelope, tool, args.text, sink);
  sink.fact({
    class: "tool_call",
    key: ["tool_call", session, call, "result"],
    ...envelope,
    body: present({
      event: "result" as const,
      tool: tool.name,
      kind: tool.kind,
      namespace: tool.server,
      status: statusOf(success, errorType),
      success,
      duration_ms: duration,
      exec_start: startBefore(envelope.ts, duration),
      arguments_state: args.state,
      error_type: errorType,
      mcp_server: tool.server,
      agent_path: filled(attributes, "agent_id"),
      primary: true,
    }),
    attrs: { ...listed(attributes, kept.tool), ...sandboxAttrs(tool).attrs },
    ...contents({
      arguments: args.text,
      error: filled(attributes, "error"),
      attributes: unlisted(item, known),
    }),
  });
  // The result itself never is in the logs; where the operator lets it, it is an event of the tool's span.
  sink.fact({
    class: "observation",
    key: ["observation", session, call],
    ...envelope,
    body: present({
      state: "withheld" as const,
      trust: trustOf(tool.kind),
      bytes: whole(attributes, "tool_result_size_bytes"),
    }),
  });
  return "done";
}

/** The whole arguments, which the decision did not have. */
function decided(envelope: CallEnvelope, tool: Tool, args: string, sink: FactSink): void {
  sink.fact({
    class: "decision",
    key: ["decision", envelope.session ?? "", envelope.call, "result"],
    ...envelope,
    body: present({
      tool: tool.name,
      kind: tool.kind,
      namespace: tool.server,
      arguments_state: "reported" as const,
    }),
    ...sandboxAttrs(tool),
    ...contents({ arguments: args }),
  });
}

/** The model asked to run the command outside the sandbox, if there is one. */
function sandboxAttrs(tool: Tool): { readonly attrs?: Readonly<Record<string, string>> } {
  return tool.unsandboxed ? { attrs: { dangerouslyDisableSandbox: "true" } } : {};
}

/** A duration longer than the time since 1970 is not one. */
function startBefore(ts: string | undefined, durationMs: number | undefined): string | undefined {
  if (ts === undefined || durationMs === undefined || durationMs > Date.parse(ts)) return undefined;
  return shiftMillis(ts, -durationMs);
}
