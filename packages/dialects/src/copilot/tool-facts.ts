import type { FactSink, SpanView } from "@custody/model";
import { firstFilled, listed, unlisted } from "../attributes.ts";
import { byteLength } from "../byte-length.ts";
import { contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { concludedVerdict, verdict } from "./approval-facts.ts";
import { type Envelope, spanEnvelope, spanKey } from "./envelope.ts";
import { kept, known, names } from "./fields.ts";
import { spanEvents } from "./span-events.ts";
import { kindOf, type Outcome, outcomeOf, trustOf } from "./tools.ts";

/**
 * `execute_tool`: the decision, what became of it, and what came back. Its name may hold the tool twice, and the name of an MCP tool is a
 * digest unless content is captured; attributes alone are read.
 */
export function toolCall(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const tool = firstFilled(attributes, names.tool);
  if (tool === undefined) return "opaque";
  const call = firstFilled(attributes, names.call) ?? `span:${item.spanId ?? ""}`;
  const envelope = { ...spanEnvelope(item), call };
  const kind = kindOf(attributes, tool);
  const server = kind === "mcp" ? firstFilled(attributes, names.mcpServer) : undefined;
  const args = contentOf(argumentsOf(item), "withheld");
  const outcome = outcomeOf(item);
  // What was refused never began, and of what was cancelled it is not known.
  const began = outcome.status !== "denied" && outcome.status !== "unknown";
  sink.fact({
    class: "decision",
    key: ["decision", envelope.session ?? "", call, "tool"],
    ...envelope,
    ...present({ parent: item.spanId }),
    body: present({ tool, kind, namespace: server, arguments_state: args.state }),
    ...contents({ arguments: args.text }),
  });
  sink.fact({
    class: "tool_call",
    key: spanKey(item, "tool_call"),
    ...envelope,
    ...present({ span: item.spanId }),
    attrs: { ...envelope.attrs, ...listed(attributes, kept.tool) },
    body: present({
      event: "result" as const,
      tool,
      kind,
      namespace: server,
      status: outcome.status,
      success: outcome.success,
      exit_code: exitCodeOf(item),
      exec_start: began ? item.start : undefined,
      // The span begins before its permission is asked for and ends after the answer.
      wait_included: began ? true : undefined,
      arguments_state: args.state,
      error_type: outcome.errorType,
      mcp_server: server,
      agent_path: firstFilled(attributes, names.agentName),
      primary: true,
    }),
    ...contents({
      arguments: args.text,
      error: item.statusMessage === "" ? undefined : item.statusMessage,
      attributes: unlisted(item, known),
    }),
  });
  observed(item, envelope, outcome, kind, sink);
  const asked = firstFilled(attributes, names.permission);
  if (asked === undefined) concludedVerdict(item, envelope, tool, outcome, sink);
  else verdict(item, envelope, asked, sink);
  spanEvents(item, envelope, sink);
  return "done";
}

/** Arguments whole, or the one parameter that is sent beside them. */
function argumentsOf({ attributes }: SpanView): string | undefined {
  const whole = firstFilled(attributes, names.arguments);
  if (whole !== undefined) return whole;
  const command = firstFilled(attributes, names.command);
  if (command !== undefined) return JSON.stringify({ command });
  const path = firstFilled(attributes, names.file);
  return path === undefined ? undefined : JSON.stringify({ path });
}

/** Exit codes are signed and small; a number beyond 32 bits is none. */
function exitCodeOf({ attributes }: SpanView): number | undefined {
  const code = attributes.integer(names.exitCode[0]);
  return code === undefined || Math.abs(code) > 4_294_967_295 ? undefined : code;
}

/** A refused call gave nothing to observe. With arguments captured, a result that is not there is missing; otherwise it was held back. */
function observed(
  item: SpanView,
  envelope: Envelope & { readonly call: string },
  { status }: Outcome,
  kind: ReturnType<typeof kindOf>,
  sink: FactSink,
): void {
  const { attributes } = item;
  const result = firstFilled(attributes, names.result);
  if (result === undefined && status === "denied") return;
  const isCaptured = firstFilled(attributes, names.arguments) !== undefined;
  const seen = contentOf(result, isCaptured ? "missing" : "withheld");
  sink.fact({
    class: "observation",
    key: spanKey(item, "observation"),
    ...envelope,
    ...present({ ts: item.end ?? item.start, parent: item.spanId }),
    body: present({
      state: seen.state,
      trust: trustOf(kind),
      bytes: seen.text === undefined ? undefined : byteLength(seen.text),
    }),
    ...contents({ content: seen.text }),
  });
}
