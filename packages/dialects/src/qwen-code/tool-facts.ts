import { approvalWords, type FactSink, type LogView, shiftMillis } from "@custody/model";
import { filled, listed, unlisted, whole } from "../attributes.ts";
import { type Content, contentOf, contents } from "../content.ts";
import { compactJson } from "../json-path.ts";
import { present } from "../present.ts";
import { type Envelope, eventKey, logEnvelope, promptOf } from "./envelope.ts";
import { common, kept, known } from "./fields.ts";
import { type Outcome, outcomeOf } from "./outcomes.ts";
import { kindOf, trustOf } from "./tools.ts";

/** `tool_call`: one event at the end of a call holds the decision, the verdict and the outcome. What the tool gave back is in none. */
export function toolCall(item: LogView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const tool = filled(attributes, "function_name");
  const call = filled(attributes, "call_id");
  if (tool === undefined || call === undefined) return "opaque";
  const said: Said = {
    envelope: { ...logEnvelope(item), call },
    tool,
    args: contentOf(compactJson(attributes.text("function_args")), "missing"),
    decision: filled(attributes, "decision"),
    errorType: filled(attributes, "error_type") ?? filled(attributes, "error.type"),
    outcome: outcomeOf({
      success: attributes.boolean("success"),
      execution: filled(attributes, "execution_status"),
      decision: filled(attributes, "decision"),
      errorType: filled(attributes, "error_type") ?? filled(attributes, "error.type"),
      error: filled(attributes, "error") ?? filled(attributes, "error.message"),
    }),
  };
  tellDecision(item, said, sink);
  if (said.decision !== undefined) tellVerdict(item, said, said.decision, sink);
  tellRefusal(item, said, sink);
  tellResult(item, said, sink);
  return "done";
}

interface Said {
  readonly envelope: Envelope & { readonly call: string };
  readonly tool: string;
  readonly args: Content;
  readonly decision: string | undefined;
  readonly errorType: string | undefined;
  readonly outcome: Outcome;
}

function tellDecision(item: LogView, said: Said, sink: FactSink): void {
  const { attributes } = item;
  sink.fact({
    class: "decision",
    key: ["decision", said.envelope.session ?? "", said.envelope.call, "event"],
    ...said.envelope,
    body: present({
      tool: said.tool,
      kind: kindOf(said.tool, attributes.text("tool_type")),
      namespace: filled(attributes, "mcp_server_name"),
      arguments_state: said.args.state,
    }),
    ...contents({ arguments: said.args.text }),
  });
}

/**
 * `accept` and `auto_accept` are what a mode that asks nobody yields as well, so neither proves a human (agent-telemetry 4). A verdict that
 * something refused after it does not stand.
 */
function tellVerdict(item: LogView, said: Said, decision: string, sink: FactSink): void {
  const words = approvalWords("qwen-code", decision, "");
  sink.fact({
    class: "approval",
    // The words of the verdict are no part of its identity: turned over, it contradicts the true one.
    key: eventKey(item, "approval", said.envelope.call),
    ...said.envelope,
    body: {
      verdict: words?.verdict ?? "ask",
      by: words?.by ?? "unknown",
      scope: words?.scope ?? "once",
      raw: decision,
      tool: said.tool,
      primary: said.outcome.refused === undefined || decision === "reject",
    },
    attrs: {
      ...listed(item.attributes, kept.approval),
      ...(words === undefined ? { "approval.words": "unlisted" } : {}),
    },
  });
}

/** A refusal that is told as an error of the call: instead of a verdict, or after one that allowed it. */
function tellRefusal(item: LogView, said: Said, sink: FactSink): void {
  const { refused } = said.outcome;
  if (refused === undefined || said.decision === "reject") return;
  sink.fact({
    class: "approval",
    key: eventKey(item, "approval", said.envelope.call, "refusal"),
    ...said.envelope,
    ...present({ inferred: refused.concluded ? (true as const) : undefined }),
    body: {
      verdict: "deny",
      by: refused.by,
      scope: "once",
      raw: said.errorType ?? "error",
      tool: said.tool,
      primary: true,
    },
    ...present({ attrs: listed(item.attributes, kept.approval) }),
  });
}

/** The duration runs from when the call was scheduled, so it includes the wait for whoever was asked. */
function tellResult(item: LogView, said: Said, sink: FactSink): void {
  const { attributes } = item;
  const { envelope, tool, args, outcome } = said;
  const kind = kindOf(tool, attributes.text("tool_type"));
  const server = filled(attributes, "mcp_server_name");
  const duration = whole(attributes, "duration_ms");
  const start = outcome.ran === true ? startBefore(envelope.ts, duration) : undefined;
  sink.fact({
    class: "tool_call",
    key: ["tool_call", envelope.session ?? "", envelope.call, "event"],
    ...envelope,
    body: present({
      event: "result" as const,
      tool,
      kind,
      namespace: server,
      status: outcome.status,
      success: attributes.boolean("success"),
      exit_code: kind === "exec" ? outcome.exitCode : undefined,
      duration_ms: duration,
      exec_start: start,
      wait_included: start === undefined ? undefined : true,
      arguments_state: args.state,
      error_type: said.errorType,
      mcp_server: server,
      agent_path: promptOf(filled(attributes, common.prompt)).agentPath,
      primary: true,
    }),
    ...present({ attrs: listed(attributes, kept.tool) }),
    ...contents({
      arguments: args.text,
      error: filled(attributes, "error") ?? filled(attributes, "error.message"),
      metadata: filled(attributes, "metadata"),
      attributes: unlisted(item, known),
    }),
  });
  if (outcome.ran !== true) return;
  sink.fact({
    class: "observation",
    key: ["observation", envelope.session ?? "", envelope.call, "event"],
    ...envelope,
    body: { state: "withheld", trust: trustOf(kind) },
  });
}

/** A duration longer than the time since 1970 is not one. */
function startBefore(ts: string | undefined, durationMs: number | undefined): string | undefined {
  if (ts === undefined || durationMs === undefined || durationMs > Date.parse(ts)) return undefined;
  return shiftMillis(ts, -durationMs);
}
