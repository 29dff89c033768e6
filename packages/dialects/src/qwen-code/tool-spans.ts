import { approvalWords, type FactSink, type SpanView } from "@custody/model";
import { filled, firstFilled, listed, unlisted, whole } from "../attributes.ts";
import { byteLength } from "../byte-length.ts";
import { contents } from "../content.ts";
import { compactJson, jsonText, parsedJson, textAt } from "../json-path.ts";
import { present } from "../present.ts";
import { type Envelope, spanEnvelope, spanKey } from "./envelope.ts";
import { kept, known } from "./fields.ts";
import { exitCodeOf, failureKinds, type Outcome } from "./outcomes.ts";
import { kindOf, serverOf, trustOf } from "./tools.ts";

const callNames = ["gen_ai.tool.call.id", "tool.call_id", "call_id"] as const;
const toolNames = ["gen_ai.tool.name", "tool_name", "tool.name"] as const;

interface Named {
  readonly envelope: Envelope & { readonly call: string };
  readonly tool: string;
}

function named(item: SpanView): Named | undefined {
  const call = firstFilled(item.attributes, callNames);
  const tool = firstFilled(item.attributes, toolNames);
  if (call === undefined || tool === undefined) return undefined;
  return { envelope: { ...spanEnvelope(item), call }, tool };
}

/** `qwen-code.tool`: the call as a whole; its arguments and result only with `includeSensitiveSpanAttributes`. */
export function toolSpan(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const said = named(item);
  if (said === undefined) return "opaque";
  const { envelope, tool } = said;
  const kind = kindOf(tool, undefined);
  const server = serverOf(tool);
  const args = compactJson(filled(attributes, "gen_ai.tool.call.arguments"));
  const state = args === undefined ? ("withheld" as const) : ("reported" as const);
  const outcome = outcomeOfSpan(item, kind === "exec");
  const result = filled(attributes, "gen_ai.tool.call.result");
  const output = outputOf(result);
  sink.fact({
    class: "decision",
    key: spanKey(item, "decision"),
    ...envelope,
    ...present({ span: item.spanId }),
    body: present({ tool, kind, namespace: server, arguments_state: state }),
    ...contents({ arguments: args }),
  });
  tellRefusal(item, said, outcome, sink);
  sink.fact({
    class: "tool_call",
    key: spanKey(item, "tool_call"),
    ...envelope,
    ...present({ ts: item.end ?? item.start, span: item.spanId }),
    body: present({
      event: "result" as const,
      tool,
      kind,
      namespace: server,
      status: outcome.status,
      success: attributes.boolean("success"),
      exit_code: kind === "exec" ? exitCodeOf(output) : undefined,
      duration_ms: whole(attributes, "duration_ms"),
      arguments_state: state,
      error_type: filled(attributes, "error.type"),
      mcp_server: server,
      primary: false,
    }),
    attrs: { ...envelope.attrs, ...listed(attributes, kept.tool) },
    ...contents({ arguments: args, error: errorOf(item), attributes: unlisted(item, known) }),
  });
  if (output === undefined || outcome.ran !== true) return "done";
  sink.fact({
    class: "observation",
    key: spanKey(item, "observation"),
    ...envelope,
    ...present({ ts: item.end ?? item.start, parent: item.spanId }),
    body: { state: "reported", trust: trustOf(kind), bytes: byteLength(output) },
    content: { content: output },
  });
  return "done";
}

function errorOf(item: SpanView): string | undefined {
  return item.statusMessage === "" ? undefined : item.statusMessage;
}

/** What the model gets back, out of the object that holds it. */
function outputOf(result: string | undefined): string | undefined {
  if (result === undefined) return undefined;
  const value = parsedJson(result);
  return textAt(value, "output") ?? textAt(value, "error") ?? jsonText(value) ?? result;
}

/** A command that exits non-zero is an error of its tool, and was executed all the same (contract 5). */
function outcomeOfSpan({ attributes }: SpanView, isCommand: boolean): Outcome {
  const success = attributes.boolean("success");
  if (success === true) return { status: "executed", ran: true };
  const kind = filled(attributes, "tool.failure_kind");
  const known = kind === undefined ? undefined : failureKinds.get(kind);
  if (known !== undefined) return known;
  if (success === undefined && kind === undefined) return { status: "unknown", ran: undefined };
  return { status: isCommand && kind === "tool_error" ? "executed" : "error", ran: true };
}

function tellRefusal(item: SpanView, said: Named, outcome: Outcome, sink: FactSink): void {
  if (outcome.refused === undefined) return;
  sink.fact({
    class: "approval",
    key: spanKey(item, "approval"),
    ...said.envelope,
    ...present({ ts: item.end ?? item.start, span: item.spanId }),
    body: {
      verdict: "deny",
      by: outcome.refused.by,
      scope: "once",
      raw: filled(item.attributes, "tool.failure_kind") ?? "",
      tool: said.tool,
      primary: false,
    },
  });
}

/** `qwen-code.tool.execution`: the execution itself, without the wait before it. */
export function executionSpan(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const said = named(item);
  if (said === undefined) return "opaque";
  const { envelope, tool } = said;
  const kind = kindOf(tool, undefined);
  const errorType = filled(attributes, "error_type") ?? filled(attributes, "error.type");
  const success = attributes.boolean("success");
  const ended = errorType === "shell_execute_error" || success === true;
  sink.fact({
    class: "tool_call",
    key: spanKey(item, "tool_call"),
    ...envelope,
    ...present({ ts: item.end ?? item.start, span: item.spanId }),
    body: present({
      event: "result" as const,
      tool,
      kind,
      namespace: serverOf(tool),
      status: ended
        ? ("executed" as const)
        : success === undefined
          ? ("unknown" as const)
          : ("error" as const),
      success,
      duration_ms: whole(attributes, "duration_ms"),
      exec_start: item.start,
      arguments_state: "unknown" as const,
      error_type: errorType,
      mcp_server: serverOf(tool),
      primary: false,
    }),
    attrs: { ...envelope.attrs, ...listed(attributes, kept.tool) },
    ...contents({ error: filled(attributes, "error"), attributes: unlisted(item, known) }),
  });
  return "done";
}

/** `qwen-code.tool.blocked_on_user`: the wait for a verdict, and where it came from. */
export function blockedSpan(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const said = named(item);
  const decision = filled(attributes, "decision");
  if (said === undefined || decision === undefined) return "opaque";
  const source = attributes.text("source") ?? "";
  const words = approvalWords("qwen-code", decision, source);
  sink.fact({
    class: "approval",
    key: spanKey(item, "approval"),
    ...said.envelope,
    ...present({ ts: item.end ?? item.start, span: item.spanId }),
    body: present({
      verdict: words?.verdict ?? ("ask" as const),
      by: words?.by ?? ("unknown" as const),
      scope: words?.scope ?? ("once" as const),
      raw: `${decision}/${source}`,
      tool: said.tool,
      latency_ms: whole(attributes, "duration_ms"),
      primary: false,
    }),
    ...present({
      attrs:
        words === undefined
          ? { ...said.envelope.attrs, "approval.words": "unlisted" }
          : said.envelope.attrs,
    }),
    ...contents({ attributes: unlisted(item, known) }),
  });
  return "done";
}
