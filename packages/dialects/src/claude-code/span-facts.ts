import { approvalWords, type FactSink, type SpanEventView, type SpanView } from "@custody/model";
import { everything, filled, listed, unlisted, whole } from "../attributes.ts";
import { byteLength } from "../byte-length.ts";
import { contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { toolKind } from "../tool-kinds.ts";
import { approverOf } from "./approver.ts";
import { spanEnvelope, spanKey } from "./envelope.ts";
import { common, kept, knownOnSpans, noiseSpans } from "./fields.ts";
import { can } from "./session-facts.ts";
import { statusOf, trustOf } from "./tools.ts";

/** Spans (a beta feature) corroborate the logs; of a source that exports spans alone they are all there is. */
export function claudeCodeSpan(item: SpanView, sink: FactSink): "done" | "opaque" {
  const read = item.spanId === undefined ? undefined : readers.get(item.name);
  if (read !== undefined) return read(item, sink);
  if (!noiseSpans.has(item.name)) return "opaque";
  sink.noise(item.name);
  return "done";
}

const rest = (item: SpanView): string | undefined => unlisted(item, knownOnSpans);

/** One prompt and the work on it. It has no prompt id; the logs that share its trace do. */
function interaction(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const prompt = contentOf(attributes.text("user_prompt"), "missing");
  sink.fact({
    class: "turn",
    key: spanKey(item, "turn"),
    ...spanEnvelope(item),
    ...present({ span: item.spanId }),
    body: present({
      event: "end" as const,
      prompt_bytes: whole(attributes, "user_prompt_length"),
      prompt_state: prompt.state,
      duration_ms: whole(attributes, "interaction.duration_ms"),
    }),
    ...present({ attrs: listed(attributes, ["interaction.sequence", "parent.source"]) }),
    ...contents({ prompt: prompt.text, attributes: rest(item) }),
  });
  sink.fact({
    class: "session",
    key: spanKey(item, "session"),
    ...spanEnvelope(item),
    ...present({ parent: item.spanId }),
    body: present({
      event: "seen" as const,
      provider: filled(attributes, "anthropic.provider"),
      entrypoint: filled(attributes, "app.entrypoint"),
      can,
    }),
  });
  return "done";
}

function llmRequest(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const failed = attributes.boolean("success") === false;
  sink.fact({
    class: "inference",
    key: spanKey(item, "inference"),
    ...spanEnvelope(item),
    ...present({ span: item.spanId }),
    body: present({
      status: failed ? ("error" as const) : ("ok" as const),
      primary: false,
      provider: filled(attributes, "gen_ai.provider.name") ?? filled(attributes, "gen_ai.system"),
      model: filled(attributes, common.model),
      purpose: filled(attributes, "query_source") ?? filled(attributes, "query_source_safe"),
      attempt: whole(attributes, "attempt"),
      duration_ms: whole(attributes, "duration_ms"),
      ttft_ms: whole(attributes, "ttft_ms"),
      http_status: whole(attributes, "status_code"),
      error_type: filled(attributes, "error_class"),
      input_tokens: whole(attributes, "input_tokens"),
      cached_input_tokens: whole(attributes, "cache_read_tokens"),
      cache_write_tokens: whole(attributes, "cache_creation_tokens"),
      output_tokens: whole(attributes, "output_tokens"),
    }),
    ...present({ attrs: listed(attributes, [...kept.inference, "stop_reason"]) }),
    ...contents({ error: filled(attributes, "error"), attributes: rest(item) }),
  });
  return "done";
}

/** The call as the model decided it, and, where the operator lets it, what it gave back. */
function tool(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const call = filled(attributes, "tool_use_id") ?? filled(attributes, "gen_ai.tool.call.id");
  const said = filled(attributes, "tool_name");
  if (call === undefined || said === undefined) return "opaque";
  const server = filled(attributes, "anthropic.mcp.server.name");
  const name = server === undefined ? said : (filled(attributes, "gen_ai.tool.name") ?? said);
  const kind =
    server !== undefined || said.startsWith("mcp__") ? "mcp" : toolKind("claude-code", said);
  const args = contentOf(argumentsOf(item), "withheld");
  const envelope = { ...spanEnvelope(item), call };
  sink.fact({
    class: "decision",
    key: spanKey(item, "decision"),
    ...envelope,
    ...present({ span: item.spanId }),
    body: present({ tool: name, kind, namespace: server, arguments_state: args.state }),
    ...present({ attrs: listed(attributes, ["agent_id", "bash_argv0", "bash_command_class"]) }),
    ...contents({ arguments: args.text, attributes: rest(item) }),
  });
  const output = item.events().find((event) => event.name === "tool.output");
  const content = output === undefined ? undefined : outputOf(output);
  if (content === undefined) return "done";
  sink.fact({
    class: "observation",
    key: spanKey(item, "observation"),
    ...envelope,
    ...present({ ts: item.end ?? item.start, parent: item.spanId }),
    body: { state: "reported", trust: trustOf(kind), bytes: byteLength(content) },
    content: { content },
  });
  return "done";
}

/** The whole input under the beta's own switch, else the one parameter that the details switch shows. */
function argumentsOf({ attributes }: SpanView): string | undefined {
  const input = filled(attributes, "tool_input");
  if (input !== undefined) return input.replace(/^\[TOOL INPUT: [^\]\n]*\]\n/, "");
  const command = filled(attributes, "full_command");
  if (command !== undefined) return JSON.stringify({ command });
  const file = filled(attributes, "file_path");
  return file === undefined ? undefined : JSON.stringify({ file_path: file });
}

function outputOf(event: SpanEventView): string | undefined {
  const { attributes } = event;
  return attributes.text("output") ?? attributes.text("content") ?? everything(attributes);
}

/** The execution itself, without the wait before it. It names the call, never the tool. */
function execution(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const call = filled(attributes, "tool_use_id") ?? filled(attributes, "gen_ai.tool.call.id");
  if (call === undefined) return "opaque";
  const success = attributes.boolean("success");
  const errorType =
    filled(attributes, "error_class") ?? className(item) ?? filled(attributes, "error.type");
  sink.fact({
    class: "tool_call",
    key: spanKey(item, "tool_call"),
    ...spanEnvelope(item),
    call,
    ...present({ ts: item.end ?? item.start, span: item.spanId }),
    body: present({
      event: "result" as const,
      tool: "unknown",
      kind: "other" as const,
      status: statusOf(success, errorType),
      success,
      duration_ms: whole(attributes, "duration_ms"),
      exec_start: item.start,
      arguments_state: "unknown" as const,
      error_type: errorType,
      primary: false,
    }),
    ...contents({ error: filled(attributes, "error"), attributes: rest(item) }),
  });
  return "done";
}

/** Releases before `error_class` say in words alone that a command exited non-zero. */
const errorWords: ReadonlyMap<string, string> = new Map([
  ["ShellError", "ShellError"],
  ["Shell command failed", "ShellError"],
]);

function className({ attributes }: SpanView): string | undefined {
  return errorWords.get(attributes.text("error") ?? "");
}

/** The wait for a verdict. It names neither call nor tool: its parent span does. */
function blockedOnUser(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const decision = filled(attributes, "decision");
  if (decision === undefined) return "opaque";
  const source = attributes.text("source") ?? "";
  const words = approvalWords("claude-code", decision, source);
  sink.fact({
    class: "approval",
    key: spanKey(item, "approval"),
    ...spanEnvelope(item),
    ...present({ ts: item.end ?? item.start, span: item.spanId }),
    body: present({
      verdict: words?.verdict ?? ("ask" as const),
      by: approverOf(words, attributes),
      scope: words?.scope ?? ("once" as const),
      raw: `${decision}/${source}`,
      latency_ms: whole(attributes, "duration_ms"),
      primary: false,
    }),
    ...contents({ attributes: rest(item) }),
  });
  return "done";
}

type Read = (item: SpanView, sink: FactSink) => "done" | "opaque";

const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["claude_code.interaction", interaction],
  ["claude_code.llm_request", llmRequest],
  ["claude_code.tool", tool],
  ["claude_code.tool.execution", execution],
  ["claude_code.tool.blocked_on_user", blockedOnUser],
]);
