import { type FactSink, type LogView, shiftMillis } from "@custody/model";
import { filled, listed, unlisted, whole } from "../attributes.ts";
import { byteLength } from "../byte-length.ts";
import { contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { type LogEnvelope, logEnvelope } from "./envelope.ts";
import { kept, known } from "./fields.ts";
import { exitCodeOf, type Outcome, outcomeOf } from "./outcomes.ts";
import { codexToolKind } from "./tools.ts";

/** `codex.tool_result`: the arguments the agent decided on, what the call did, and what the agent saw back. */
export function toolResult(item: LogView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const call = filled(attributes, "call_id");
  const tool = filled(attributes, "tool_name");
  if (call === undefined || tool === undefined) return "opaque";
  const envelope = { ...logEnvelope(item), call };
  const output = attributes.text("output");
  const outcome = outcomeOf(attributes.boolean("success"), output ?? "");
  const said: Said = {
    envelope,
    tool,
    namespace: filled(attributes, "tool_namespace"),
    mcpServer: filled(attributes, "mcp_server"),
    arguments: attributes.text("arguments"),
    output,
    outcome,
  };
  decision(said, sink);
  result(item, said, sink);
  observation(item, said, sink);
  inferredApproval(said, sink);
  return "done";
}

interface Said {
  readonly envelope: LogEnvelope & { readonly call: string };
  readonly tool: string;
  readonly namespace: string | undefined;
  readonly mcpServer: string | undefined;
  readonly arguments: string | undefined;
  readonly output: string | undefined;
  readonly outcome: Outcome;
}

const keyOf = (said: Said, ...role: readonly string[]): readonly string[] => [
  ...role,
  said.envelope.session ?? "",
  said.envelope.call,
];

function decision(said: Said, sink: FactSink): void {
  const args = contentOf(said.arguments, "missing");
  const reason = justification(args.text);
  sink.fact({
    class: "decision",
    key: keyOf(said, "decision", "tool_result"),
    ...said.envelope,
    body: present({
      tool: said.tool,
      kind: codexToolKind(said.tool, said.namespace, said.mcpServer),
      namespace: said.namespace,
      arguments_state: args.state,
      reason_state: reason === undefined ? undefined : ("reported" as const),
    }),
    ...contents({ arguments: args.text, reason }),
  });
}

/** Codex has its model say why it asks for more than the sandbox allows, as an argument of the call. */
function justification(text: string | undefined): string | undefined {
  if (text === undefined || !text.includes('"justification"')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const reason =
      typeof value === "object" && value !== null && "justification" in value
        ? value.justification
        : undefined;
    return typeof reason === "string" && reason !== "" ? reason : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Codex's duration runs from the dispatch of the call, so it includes any wait for an approval; `exec_start` is the dispatch then, and
 * `wait_included` says so.
 */
function result(item: LogView, said: Said, sink: FactSink): void {
  const { attributes } = item;
  const { envelope, outcome } = said;
  const args = contentOf(said.arguments, "missing");
  const duration = whole(attributes, "duration_ms");
  const start =
    outcome.ran && duration !== undefined && envelope.ts !== undefined
      ? startBefore(envelope.ts, duration)
      : undefined;
  sink.fact({
    class: "tool_call",
    key: keyOf(said, "tool_call", "result"),
    ...envelope,
    body: present({
      event: "result" as const,
      tool: said.tool,
      kind: codexToolKind(said.tool, said.namespace, said.mcpServer),
      namespace: said.namespace,
      status: outcome.status,
      success: attributes.boolean("success"),
      exit_code: said.mcpServer === undefined ? exitCodeOf(said.output ?? "") : undefined,
      duration_ms: duration,
      exec_start: start,
      wait_included: start === undefined ? undefined : true,
      arguments_state: args.state,
      error_type: outcome.errorType,
      mcp_server: said.mcpServer,
      agent_path: filled(attributes, "agent_name"),
      primary: true,
      inferred: outcome.forgeable,
    }),
    ...present({ attrs: listed(attributes, kept["codex.tool_result"]) }),
    ...contents({ arguments: args.text, attributes: unlisted(item, known) }),
  });
}

/** A duration longer than the time since 1970 is not one. */
function startBefore(ts: string, durationMs: number): string | undefined {
  return durationMs > Date.parse(ts) ? undefined : shiftMillis(ts, -durationMs);
}

function observation(item: LogView, said: Said, sink: FactSink): void {
  const output = contentOf(said.output, "missing");
  sink.fact({
    class: "observation",
    key: keyOf(said, "observation"),
    ...said.envelope,
    body: present({
      state: output.state,
      trust: trustOf(said),
      bytes: output.text === undefined ? undefined : byteLength(output.text),
      truncated: item.attributes.boolean("output_truncated"),
    }),
    ...contents({ content: output.text }),
  });
}

function trustOf(said: Said): "mcp" | "web" | "tool_output" {
  const kind = codexToolKind(said.tool, said.namespace, said.mcpServer);
  return kind === "mcp" ? "mcp" : kind === "net" ? "web" : "tool_output";
}

/** Some refusals come without a `codex.tool_decision`: the words of the result are all that is left of the verdict. */
function inferredApproval(said: Said, sink: FactSink): void {
  const { refusedBy } = said.outcome;
  if (refusedBy === undefined) return;
  sink.fact({
    class: "approval",
    key: keyOf(said, "approval", "inferred"),
    ...said.envelope,
    inferred: true,
    body: {
      verdict: "deny",
      by: refusedBy,
      scope: "once",
      raw: "tool_result without tool_decision",
      tool: said.tool,
      primary: true,
    },
  });
}
