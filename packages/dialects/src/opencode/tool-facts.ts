import type { FactSink, SpanView, ToolKind } from "@custody/model";
import { firstFilled, listed, unlisted } from "../attributes.ts";
import { byteLength } from "../byte-length.ts";
import { contentOf, contents } from "../content.ts";
import { at, parsedJson, textAt } from "../json-path.ts";
import { present } from "../present.ts";
import { commonToolKind, toolKind } from "../tool-kinds.ts";
import { callVerdict } from "./approval-facts.ts";
import { type Envelope, spanEnvelope, spanKey } from "./envelope.ts";
import { kept, known, names } from "./fields.ts";
import { type Outcome, outcomeOf } from "./outcomes.ts";

/** Stands in for a tool that is not there: opencode runs it with the name of the real one, and it succeeds at saying that there is none. */
const invalidTool = "invalid";

function kindOf(tool: string): ToolKind {
  const own = toolKind("opencode", tool);
  return own === "other" ? commonToolKind(tool) : own;
}

type CallEnvelope = Envelope & { readonly call: string };

/**
 * `Tool.execute`, opencode's own span: always there, without arguments or result. Where the AI SDK's spans are on, they tell the same call
 * again with both, and that account is the one that counts.
 */
export function execution(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const tool = firstFilled(attributes, names.tool);
  if (tool === undefined) return "opaque";
  const call = firstFilled(attributes, names.call) ?? `span:${item.spanId ?? ""}`;
  const envelope = { ...spanEnvelope(item), call };
  const outcome = standIn(tool, outcomeOf(item));
  decision(item, envelope, tool, undefined, "missing", sink);
  result(
    item,
    envelope,
    { tool, outcome, primary: false, exitCode: undefined, args: undefined },
    sink,
  );
  if (tool !== invalidTool) callVerdict(item, envelope, tool, outcome, sink);
  return "done";
}

/** `ai.toolCall`: the same call as the AI SDK inside opencode saw it. */
export function sdkCall(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const said = firstFilled(attributes, names.sdkTool);
  if (said === undefined) return "opaque";
  const call = firstFilled(attributes, names.sdkCall) ?? `span:${item.spanId ?? ""}`;
  const envelope = { ...spanEnvelope(item), call };
  const args = contentOf(firstFilled(attributes, names.arguments), "withheld");
  const output = contentOf(
    firstFilled(attributes, names.result),
    args.state === "reported" ? "missing" : "withheld",
  );
  const answer = parsedJson(output.text);
  const outcome = standIn(said, outcomeOf(item));
  const tool = said === invalidTool ? (textAt(parsedJson(args.text), "tool") ?? said) : said;
  decision(
    item,
    envelope,
    tool,
    args.text,
    args.state === "reported" ? "reported" : "withheld",
    sink,
  );
  result(
    item,
    envelope,
    { tool, outcome, primary: true, exitCode: exitCodeOf(answer), args: args.text },
    sink,
  );
  if (outcome.status !== "denied") observed(item, envelope, tool, output, sink);
  if (said !== invalidTool) callVerdict(item, envelope, tool, outcome, sink);
  subSession(item, envelope, answer, sink);
  return "done";
}

function standIn(tool: string, outcome: Outcome): Outcome {
  return tool === invalidTool && outcome.status === "executed"
    ? { status: "error", success: false, errorType: "invalid_tool" }
    : outcome;
}

function decision(
  item: SpanView,
  envelope: CallEnvelope,
  tool: string,
  args: string | undefined,
  state: "reported" | "withheld" | "missing",
  sink: FactSink,
): void {
  sink.fact({
    class: "decision",
    key: spanKey(item, "decision"),
    ...envelope,
    ...present({ parent: item.spanId }),
    body: { tool, kind: kindOf(tool), arguments_state: state },
    ...contents({ arguments: args }),
  });
}

interface Result {
  readonly tool: string;
  readonly outcome: Outcome;
  readonly primary: boolean;
  readonly exitCode: number | undefined;
  readonly args: string | undefined;
}

function result(
  item: SpanView,
  envelope: CallEnvelope,
  { tool, outcome, primary, exitCode, args }: Result,
  sink: FactSink,
): void {
  const { attributes } = item;
  const began = outcome.status !== "denied" && outcome.errorType !== "invalid_tool";
  sink.fact({
    class: "tool_call",
    key: spanKey(item, "tool_call"),
    ...envelope,
    ...present({ span: item.spanId }),
    attrs: { ...envelope.attrs, ...listed(attributes, kept.tool) },
    body: present({
      event: "result" as const,
      tool,
      kind: kindOf(tool),
      status: outcome.status,
      success: outcome.success,
      exit_code: exitCode,
      exec_start: began ? item.start : undefined,
      // Permission is asked for inside the span.
      wait_included: began ? true : undefined,
      arguments_state:
        args !== undefined
          ? ("reported" as const)
          : primary
            ? ("withheld" as const)
            : ("missing" as const),
      error_type: outcome.errorType,
      primary,
    }),
    ...contents({
      arguments: args,
      error: item.statusMessage === "" ? undefined : item.statusMessage,
      attributes: unlisted(item, known),
    }),
  });
}

function observed(
  item: SpanView,
  envelope: CallEnvelope,
  tool: string,
  output: ReturnType<typeof contentOf>,
  sink: FactSink,
): void {
  sink.fact({
    class: "observation",
    key: spanKey(item, "observation"),
    ...envelope,
    ...present({ ts: item.end ?? item.start, parent: item.spanId }),
    body: present({
      state: output.state,
      trust: kindOf(tool) === "net" ? ("web" as const) : ("tool_output" as const),
      bytes: output.text === undefined ? undefined : byteLength(output.text),
    }),
    ...contents({ content: output.text }),
  });
}

/** The result of a shell command holds its code beside its output, which a command could have printed; only the former is read. */
function exitCodeOf(answer: unknown): number | undefined {
  const code = at(answer, "metadata", "exit");
  return typeof code === "number" && Number.isSafeInteger(code) ? code : undefined;
}

/** A call that began a sub-agent names the session it began. */
function subSession(item: SpanView, envelope: CallEnvelope, answer: unknown, sink: FactSink): void {
  const session = textAt(answer, "metadata", "sessionId");
  const parent = textAt(answer, "metadata", "parentSessionId");
  if (session === undefined || parent === undefined || session === envelope.session) return;
  const { call: _, ...rest } = envelope;
  sink.fact({
    class: "session",
    key: spanKey(item, "session", "child"),
    ...rest,
    ...present({ session, parent: item.spanId }),
    body: { event: "seen", parent_session: parent },
  });
}
