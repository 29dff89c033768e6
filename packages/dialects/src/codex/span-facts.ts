import type { AgentIdentity, FactSink, SpanView } from "@custody/model";
import { filled, whole } from "../attributes.ts";
import { present } from "../present.ts";
import { common } from "./fields.ts";
import { noiseSpans } from "./noise-names.ts";
import { codexToolKind } from "./tools.ts";

/** What the facts of one span share. The span's own id is its natural key. */
function spanEnvelope(item: SpanView) {
  const { attributes, resource } = item;
  return present({
    ts: item.start,
    end: item.end,
    session: attributes.text(common.conversation) ?? threadOf(item),
    turn: filled(attributes, "turn.id") ?? filled(attributes, "turn_id"),
    trace: item.traceId,
    parent: item.parentSpanId,
    agent: present({
      name: "codex",
      version: resource.text("service.version"),
      model: filled(attributes, "model"),
    }) satisfies AgentIdentity,
  });
}

/** `thread.id` is an operating system thread on some spans and the conversation on others (agent-telemetry 1.6). */
function threadOf({ attributes }: SpanView): string | undefined {
  const value = attributes.value("thread.id");
  return value?.type === "string" && value.value.length === 36 ? value.value : undefined;
}

/** Spans of 0.96 name no conversation: their trace stands in, and the logs that share it name the conversation. */
function callEnvelope(item: SpanView) {
  const envelope = spanEnvelope(item);
  if (envelope.session !== undefined || item.traceId === undefined) return envelope;
  return { ...envelope, session: item.traceId, attrs: { "session.source": "trace" } };
}

const spanKey = (item: SpanView, role: string): readonly string[] => [
  "span",
  role,
  item.traceId ?? "",
  item.spanId ?? "",
];

/**
 * Logs are the primary source; of a couple of hundred span names these few say something of their own: a call a hook refused shows nowhere
 * else, and turn ids are only here. The rest is counted by name.
 */
export function codexSpan(item: SpanView, sink: FactSink): "done" | "opaque" {
  if (item.spanId !== undefined) {
    if (isToolSpan(item)) return dispatch(item, sink);
    const read = readers.get(item.name);
    if (read !== undefined) return read(item, sink);
  }
  if (!noiseSpans.has(item.name)) return "opaque";
  sink.noise(item.name);
  return "done";
}

/** Older releases do not say the phase, but whether the call was aborted. */
function isToolSpan({ attributes }: SpanView): boolean {
  const isMarked =
    attributes.value("codex.tool.phase") !== undefined || attributes.value("aborted") !== undefined;
  return isMarked && filled(attributes, "call_id") !== undefined;
}

/** The span named after the tool: the agent took the call up. Whether anything ran, it does not say. */
function dispatch(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const ready = item.events().find((event) => event.name === "codex.tool_result_ready")?.attributes;
  const tool = ready?.text("tool_name") ?? attributes.text("tool_name") ?? item.name;
  const namespace = ready === undefined ? undefined : filled(ready, "tool_namespace");
  const kind = codexToolKind(tool, namespace, undefined);
  const aborted = attributes.boolean("aborted") === true;
  const envelope = { ...callEnvelope(item), ...present({ call: filled(attributes, "call_id") }) };
  sink.fact({
    class: "tool_call",
    key: spanKey(item, "tool_call"),
    ...envelope,
    ...present({ span: item.spanId }),
    body: present({
      event: "start" as const,
      tool,
      kind,
      namespace,
      status: "started" as const,
      arguments_state: "missing" as const,
      error_type: aborted ? "aborted" : undefined,
      primary: false,
    }),
  });
  sink.fact({
    class: "decision",
    key: spanKey(item, "decision"),
    ...envelope,
    ...present({ parent: item.spanId }),
    body: present({ tool, kind, namespace, arguments_state: "missing" as const }),
  });
  return "done";
}

/** The process of a command: it exited, so it ran. Without an outcome it was interrupted or never began. */
function execution(item: SpanView, sink: FactSink): "done" | "opaque" {
  const call = filled(item.attributes, "call_id");
  if (call === undefined) return "opaque";
  const exited = item.attributes.text("outcome") === "exited";
  sink.fact({
    class: "tool_call",
    key: spanKey(item, "tool_call"),
    ...spanEnvelope(item),
    ...present({ call, span: item.spanId }),
    body: {
      event: "result",
      tool: "exec_command",
      kind: "exec",
      status: exited ? "executed" : "unknown",
      arguments_state: "missing",
      primary: false,
    },
  });
  return "done";
}

/** The request to an MCP server: begins after any approval, so its start is the start of the execution. */
function mcpCall(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const call = filled(attributes, "tool.call_id");
  const tool = filled(attributes, "tool.name");
  if (call === undefined || tool === undefined) return "opaque";
  const error = filled(attributes, "error.type");
  sink.fact({
    class: "tool_call",
    key: spanKey(item, "tool_call"),
    ...spanEnvelope(item),
    ...present({ call, span: item.spanId }),
    body: present({
      event: "result" as const,
      tool,
      kind: "mcp" as const,
      status: error === undefined ? ("executed" as const) : ("error" as const),
      exec_start: item.start,
      arguments_state: "missing" as const,
      error_type: error,
      mcp_server: filled(attributes, "mcp.server.name"),
      primary: false,
    }),
  });
  return "done";
}

/** A whole turn: the one place that pairs conversation and turn id, with the turn's tokens as a check on the sum of its responses. */
function turn(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = { ...spanEnvelope(item), ...present({ span: item.spanId }) };
  sink.fact({
    class: "turn",
    key: spanKey(item, "turn"),
    ...envelope,
    body: { event: "end", prompt_state: "unknown" },
  });
  const input = whole(attributes, `${usage}input_tokens`);
  if (input === undefined) return "done";
  sink.fact({
    class: "inference",
    key: spanKey(item, "inference"),
    ...spanEnvelope(item),
    ...present({ parent: item.spanId }),
    body: present({
      status: "unknown" as const,
      primary: false,
      purpose: "turn_total",
      model: filled(attributes, "model"),
      input_tokens: input,
      cached_input_tokens: whole(attributes, `${usage}cached_input_tokens`),
      cache_write_tokens: whole(attributes, `${usage}cache_write_input_tokens`),
      output_tokens: whole(attributes, `${usage}output_tokens`),
      reasoning_tokens: whole(attributes, `${usage}reasoning_output_tokens`),
    }),
  });
  return "done";
}

const usage = "codex.turn.token_usage.";

const readers: ReadonlyMap<string, (item: SpanView, sink: FactSink) => "done" | "opaque"> = new Map(
  [
    ["session_task.turn", turn],
    ["unified_exec.exec_command", execution],
    ["mcp.tools.call", mcpCall],
  ],
);
