import type { Capability, FactSink, SpanView, ToolKind } from "@custody/model";
import { firstFilled, firstWhole, listed, unlisted } from "../attributes.ts";
import { byteLength } from "../byte-length.ts";
import { contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { commonToolKind } from "../tool-kinds.ts";
import { envelopeOf, spanKey } from "./envelope.ts";
import { kept, known, names } from "./fields.ts";

/** What the conventions have a name for. There is none for approvals, sandboxes or egress (agent-telemetry 10.1). */
const can: readonly Capability[] = ["prompt", "arguments", "results"];

const statusError = 2;

function failed(item: SpanView): boolean {
  return (
    item.statusCode === statusError || firstFilled(item.attributes, names.errorType) !== undefined
  );
}

/** A model call: the only span that is counted for tokens; those of the run above it are their sum. */
export function inference(item: SpanView, sink: FactSink, purpose: string | undefined): "done" {
  const { attributes } = item;
  const envelope = envelopeOf(item);
  const error = failed(item);
  const input = firstWhole(attributes, names.inputTokens);
  sink.fact({
    class: "inference",
    key: spanKey(item, "inference"),
    ...envelope,
    ...present({ span: item.spanId }),
    attrs: { ...envelope.attrs, ...listed(attributes, kept) },
    body: present({
      status: error ? ("error" as const) : ("ok" as const),
      // A failed call has no response to count; an embedding is wrapped by a span of the same name without tokens.
      primary: input !== undefined || !(error || purpose === "embeddings"),
      purpose,
      provider: firstFilled(attributes, names.provider),
      model: envelope.agent?.model,
      ttft_ms: millis(item, names.timeToFirstChunkS),
      http_status: firstWhole(attributes, names.httpStatus),
      error_type: error ? (firstFilled(attributes, names.errorType) ?? "error") : undefined,
      input_tokens: input,
      cached_input_tokens: firstWhole(attributes, names.cachedTokens),
      cache_write_tokens: firstWhole(attributes, names.cacheWriteTokens),
      output_tokens: firstWhole(attributes, names.outputTokens),
      reasoning_tokens: firstWhole(attributes, names.reasoningTokens),
    }),
    ...contents({
      request: firstFilled(attributes, names.input),
      response: firstFilled(attributes, names.output) ?? firstFilled(attributes, names.outputText),
      error: item.statusMessage === "" ? undefined : item.statusMessage,
      attributes: unlisted(item, known),
    }),
  });
  return "done";
}

function millis({ attributes }: SpanView, of: readonly string[]): number | undefined {
  for (const name of of) {
    const seconds = attributes.number(name);
    if (seconds !== undefined && seconds >= 0 && seconds < 1e9) return Math.round(seconds * 1000);
  }
  return undefined;
}

/** One run of an agent, from what it was asked to its answer. */
export function turn(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = envelopeOf(item);
  const prompt = contentOf(firstFilled(attributes, names.input), "withheld");
  sink.fact({
    class: "turn",
    key: spanKey(item, "turn"),
    ...envelope,
    ...present({ span: item.spanId, turn: item.spanId }),
    attrs: { ...envelope.attrs, ...listed(attributes, kept) },
    body: present({
      event: "start" as const,
      prompt_state: prompt.state,
      prompt_bytes: prompt.text === undefined ? undefined : byteLength(prompt.text),
    }),
    ...contents({ prompt: prompt.text, attributes: unlisted(item, known) }),
  });
  sink.fact({
    class: "session",
    key: spanKey(item, "session"),
    ...envelope,
    ...present({ parent: item.spanId }),
    body: present({
      event: "seen" as const,
      provider: firstFilled(attributes, names.provider),
      can,
    }),
  });
  return "done";
}

/** A tool execution carries the whole action: what was decided, what ran, and what came back. */
export function toolExecution(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const tool = firstFilled(attributes, names.tool);
  if (tool === undefined) return "opaque";
  const kind = kindOf(item, tool);
  const args = contentOf(firstFilled(attributes, names.arguments), "withheld");
  const call = firstFilled(attributes, names.call) ?? `span:${item.spanId ?? ""}`;
  const envelope = { ...envelopeOf(item), call };
  const error = failed(item);
  const result = firstFilled(attributes, names.result);
  sink.fact({
    class: "decision",
    key: spanKey(item, "decision"),
    ...envelope,
    ...present({ parent: item.spanId }),
    body: { tool, kind, arguments_state: args.state },
    ...contents({ arguments: args.text }),
  });
  sink.fact({
    class: "tool_call",
    key: spanKey(item, "tool_call"),
    ...envelope,
    ...present({ span: item.spanId }),
    attrs: { ...envelope.attrs, ...listed(attributes, kept) },
    body: present({
      event: "result" as const,
      tool,
      kind,
      status: error ? ("error" as const) : ("executed" as const),
      success: error ? false : undefined,
      exit_code: exitCodeOf(result),
      exec_start: item.start,
      arguments_state: args.state,
      error_type: error ? (firstFilled(attributes, names.errorType) ?? "error") : undefined,
      primary: true,
    }),
    ...contents({
      arguments: args.text,
      error: item.statusMessage === "" ? undefined : item.statusMessage,
      attributes: unlisted(item, known),
    }),
  });
  const seen = contentOf(result, error ? "missing" : "withheld");
  sink.fact({
    class: "observation",
    key: spanKey(item, "observation"),
    ...envelope,
    ...present({ ts: item.end ?? item.start, parent: item.spanId }),
    body: present({
      state: seen.state,
      trust:
        kind === "mcp"
          ? ("mcp" as const)
          : kind === "net"
            ? ("web" as const)
            : ("tool_output" as const),
      bytes: seen.text === undefined ? undefined : byteLength(seen.text),
    }),
    ...contents({ content: seen.text }),
  });
  return "done";
}

function kindOf({ attributes }: SpanView, tool: string): ToolKind {
  return attributes.text("mcp.method.name") === undefined ? commonToolKind(tool) : "mcp";
}

/** Only a result that is as a whole a JSON object with an exit code states one; a command may print the same words. */
function exitCodeOf(result: string | undefined): number | undefined {
  if (result === undefined || !/^\{[\s\S]*"exit_?code"/i.test(result)) return undefined;
  try {
    const value: unknown = JSON.parse(result);
    if (typeof value !== "object" || value === null) return undefined;
    const { exit_code: snake, exitCode: camel } = value as {
      exit_code?: unknown;
      exitCode?: unknown;
    };
    const code = snake ?? camel;
    return typeof code === "number" && Number.isSafeInteger(code) ? code : undefined;
  } catch {
    return undefined;
  }
}
