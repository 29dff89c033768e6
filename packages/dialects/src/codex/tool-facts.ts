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
    ...outside(args.text),
    ...contents({ arguments: args.text, reason }),
  });
}

/** Attribute under which a decision says that the model asked for more than the sandbox allows, in Codex's own word for it. */
const permissions = "sandbox_permissions";

/** What a command asks of the sandbox stands in its arguments; that it asked for nothing is said by every other call. */
function outside(text: string | undefined): { readonly attrs?: Readonly<Record<string, string>> } {
  const asked = argument(text, permissions);
  const isAsked = typeof asked === "string" && asked !== "" && asked !== "use_default";
  // Releases before 0.100 asked with a flag.
  const isFlagged = argument(text, "with_escalated_permissions") === true;
  if (!isAsked && !isFlagged) return {};
  return { attrs: { [permissions]: isAsked ? asked.slice(0, 100) : "require_escalated" } };
}

/** Codex has its model say why it asks for more than the sandbox allows, as an argument of the call. */
function justification(text: string | undefined): string | undefined {
  const reason = argument(text, "justification");
  return typeof reason === "string" && reason !== "" ? reason : undefined;
}

/** One member of the arguments, which are hostile text: most calls do not even name it. */
function argument(text: string | undefined, name: string): unknown {
  if (text === undefined || !text.includes(`"${name}"`)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name))
      return undefined;
    return (value as Readonly<Record<string, unknown>>)[name];
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
