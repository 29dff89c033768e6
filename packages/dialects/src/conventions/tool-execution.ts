import type { Body, CallStatus, FactSink, SpanView, ToolKind } from "@custody/model";
import { filled, firstFilled, listed, unlisted } from "../attributes.ts";
import { byteLength } from "../byte-length.ts";
import { type Content, contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { commonToolKind } from "../tool-kinds.ts";
import { type Envelope, spanEnvelope, spanKey } from "./envelope.ts";
import { exitCodeOf } from "./exit-code.ts";
import { errorOf, type Failure } from "./span-content.ts";
import type { Convention } from "./words.ts";

/** What a span alone cannot say of its call, or says in words of its own. */
export interface ToolNotes {
  readonly tool?: string;
  readonly kind?: ToolKind;
  readonly call?: string | undefined;
  readonly arguments?: string | undefined;
  readonly result?: string | undefined;
  readonly server?: string | undefined;
  readonly error?: Failure | undefined;
  /** Where the source says more than that the span failed or not. A call that was denied neither began nor gave anything back. */
  readonly status?: CallStatus | undefined;
  /** False where another span of the same call is the one that is read first. */
  readonly primary?: boolean;
  /** False where whoever sends the span carries out what others decided. */
  readonly decides?: boolean;
}

/** Statuses of calls that never ran: nothing began, and nothing came back. */
const neverRan: ReadonlySet<CallStatus> = new Set(["denied", "blocked"]);

interface Execution {
  readonly item: SpanView;
  readonly convention: Convention;
  readonly envelope: Envelope & { readonly call: string };
  readonly tool: string;
  readonly kind: ToolKind;
  readonly args: Content;
  readonly result: string | undefined;
  readonly error: Failure | undefined;
  readonly server: string | undefined;
  readonly status: CallStatus;
  readonly primary: boolean;
}

/** A tool execution carries the whole action: what was decided, what ran, and what came back. */
export function toolExecution(
  item: SpanView,
  sink: FactSink,
  convention: Convention,
  notes: ToolNotes = {},
): "done" | "opaque" {
  const { attributes } = item;
  const { words } = convention;
  const tool = notes.tool ?? firstFilled(attributes, words.tool);
  if (tool === undefined) return "opaque";
  const call = notes.call ?? firstFilled(attributes, words.call) ?? `span:${item.spanId ?? ""}`;
  const error = notes.error ?? errorOf(item, words);
  const execution: Execution = {
    item,
    convention,
    envelope: { ...spanEnvelope(item, convention), call },
    tool,
    kind: notes.kind ?? kindOf(item, tool),
    args: contentOf(notes.arguments ?? firstFilled(attributes, words.arguments), convention.absent),
    result: notes.result ?? firstFilled(attributes, words.result),
    error,
    server: notes.server ?? firstFilled(attributes, words.mcpServer),
    status: notes.status ?? (error === undefined ? "executed" : "error"),
    primary: notes.primary ?? true,
  };
  if (notes.decides !== false) decision(execution, sink);
  attempt(execution, sink);
  if (!neverRan.has(execution.status)) observation(execution, sink);
  return "done";
}

function decision({ item, envelope, tool, kind, args }: Execution, sink: FactSink): void {
  sink.fact({
    class: "decision",
    key: spanKey(item, "decision"),
    ...envelope,
    ...present({ parent: item.spanId }),
    body: { tool, kind, arguments_state: args.state },
    ...contents({ arguments: args.text }),
  });
}

function attempt(execution: Execution, sink: FactSink): void {
  const { item, convention, envelope, tool, kind, args, error, status } = execution;
  sink.fact({
    class: "tool_call",
    key: spanKey(item, "tool_call"),
    ...envelope,
    ...present({ span: item.spanId }),
    attrs: { ...envelope.attrs, ...listed(item.attributes, convention.kept) },
    body: present({
      event: "result" as const,
      tool,
      kind,
      status,
      success: error === undefined ? undefined : false,
      exit_code: exitCodeOf(execution.result),
      exec_start: neverRan.has(status) ? undefined : item.start,
      arguments_state: args.state,
      error_type: error?.type,
      mcp_server: execution.server,
      primary: execution.primary,
    }),
    ...contents({
      arguments: args.text,
      error: error?.text,
      attributes: unlisted(item, convention.known, convention.knownUnder),
    }),
  });
}

const trusts: Readonly<Partial<Record<ToolKind, Body<"observation">["trust"]>>> = {
  mcp: "mcp",
  net: "web",
};

function observation(execution: Execution, sink: FactSink): void {
  const { item, envelope, kind, error, convention } = execution;
  const seen = contentOf(execution.result, error === undefined ? convention.absent : "missing");
  sink.fact({
    class: "observation",
    key: spanKey(item, "observation"),
    ...envelope,
    ...present({ ts: item.end ?? item.start, parent: item.spanId }),
    body: present({
      state: seen.state,
      trust: trusts[kind] ?? ("tool_output" as const),
      bytes: seen.text === undefined ? undefined : byteLength(seen.text),
    }),
    ...contents({ content: seen.text }),
  });
}

/** A tool that was reached over MCP is of that kind, whatever it is called. */
function kindOf({ attributes }: SpanView, tool: string): ToolKind {
  return filled(attributes, "mcp.method.name") === undefined ? commonToolKind(tool) : "mcp";
}
