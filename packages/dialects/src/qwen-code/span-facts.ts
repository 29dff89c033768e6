import type { FactSink, SpanView } from "@custody/model";
import { filled, listed, unlisted, whole } from "../attributes.ts";
import { byteLength } from "../byte-length.ts";
import { contents } from "../content.ts";
import { at, jsonText, listAt, parsedJson, textAt } from "../json-path.ts";
import { present } from "../present.ts";
import { type Envelope, spanEnvelope, spanKey } from "./envelope.ts";
import {
  instrumentationScope,
  kept,
  known,
  noiseSpanPrefix,
  noiseSpans,
  userMessages,
} from "./fields.ts";
import { flagsOf } from "./session-facts.ts";
import { blockedSpan, executionSpan, toolSpan } from "./tool-spans.ts";
import { kindOf } from "./tools.ts";

type Read = (item: SpanView, sink: FactSink) => "done" | "opaque";

/** Spans corroborate the events; the waits and the reasons of refusals are on them alone. */
const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["qwen-code.interaction", interaction],
  ["qwen-code.llm_request", llmRequest],
  ["qwen-code.tool", toolSpan],
  ["qwen-code.tool.execution", executionSpan],
  ["qwen-code.tool.blocked_on_user", blockedSpan],
  ["qwen-code.subagent", subagent],
]);

export function qwenSpan(item: SpanView, sink: FactSink): "done" | "opaque" {
  const read = item.spanId === undefined ? undefined : readers.get(item.name);
  if (read !== undefined) return read(item, sink);
  const isNoise =
    item.scope.name.startsWith(instrumentationScope) ||
    noiseSpans.has(item.name) ||
    item.name.startsWith(noiseSpanPrefix);
  if (!isNoise) return "opaque";
  sink.noise(item.name);
  return "done";
}

const interrupted: ReadonlySet<string> = new Set(["cancelled", "aborted"]);

/** One prompt and the work on it; what the agent starts of itself is an interaction too, and no turn. */
function interaction(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = spanEnvelope(item);
  const mode = filled(attributes, "qwen-code.approval_mode");
  const attrs = { ...envelope.attrs, ...listed(attributes, kept.turn) };
  const prompt = filled(attributes, "new_context")?.replace(/^\[USER PROMPT\]\n/, "");
  const kind = filled(attributes, "qwen-code.message_type");
  const isTurn = kind === undefined || userMessages.has(kind);
  if (isTurn) {
    sink.fact({
      class: "turn",
      key: spanKey(item, "turn"),
      ...envelope,
      ...present({ span: item.spanId }),
      body: present({
        event: "end" as const,
        prompt_bytes: prompt === undefined ? undefined : byteLength(prompt),
        prompt_state: prompt === undefined ? ("withheld" as const) : ("reported" as const),
        duration_ms: whole(attributes, "interaction.duration_ms"),
        interrupted: interrupted.has(attributes.text("qwen-code.turn_status") ?? "")
          ? true
          : undefined,
      }),
      attrs,
      ...contents({ prompt, attributes: unlisted(item, known) }),
    });
  }
  sink.fact({
    class: "session",
    key: spanKey(item, "session"),
    ...envelope,
    ...present({ span: item.spanId }),
    body: present({ event: "seen" as const, approval_mode: mode, flags: flagsOf(mode) }),
    attrs: { ...attrs, event: "interaction" },
  });
  return "done";
}

const statusError = 2;

/** One model call, tries of the HTTP client included. */
function llmRequest(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = spanEnvelope(item);
  const isError = item.statusCode === statusError || attributes.boolean("success") === false;
  const response = filled(attributes, "gen_ai.output.messages");
  sink.fact({
    class: "inference",
    key: spanKey(item, "inference"),
    ...envelope,
    ...present({ span: item.spanId }),
    body: present({
      status: isError ? ("error" as const) : ("ok" as const),
      primary: false,
      provider: filled(attributes, "gen_ai.provider.name"),
      model: filled(attributes, "gen_ai.response.model") ?? envelope.agent?.model,
      purpose: filled(attributes, "subagent_name"),
      attempt: whole(attributes, "attempt"),
      duration_ms: whole(attributes, "duration_ms"),
      ttft_ms: whole(attributes, "ttft_ms"),
      error_type: isError ? (filled(attributes, "error.type") ?? "error") : undefined,
      input_tokens: whole(attributes, "gen_ai.usage.input_tokens"),
      cached_input_tokens: whole(attributes, "gen_ai.usage.cache_read.input_tokens"),
      output_tokens: whole(attributes, "gen_ai.usage.output_tokens"),
      reasoning_tokens: whole(attributes, "thoughts_token_count"),
    }),
    attrs: { ...envelope.attrs, ...listed(attributes, kept.inference) },
    ...contents({
      request: filled(attributes, "gen_ai.input.messages"),
      response,
      instructions: filled(attributes, "gen_ai.system_instructions"),
      error: item.statusMessage === "" ? undefined : item.statusMessage,
      attributes: unlisted(item, known),
    }),
  });
  tellChosen(response, envelope, sink);
  return "done";
}

/** Calls of one answer that are looked at; a model asks for a few. */
const chosenMax = 128;

/** What a model chose is decided before anything is asked or run: each call under the id that the answer gives it. */
function tellChosen(response: string | undefined, envelope: Envelope, sink: FactSink): void {
  const parts = listAt(parsedJson(response)).flatMap((message) => listAt(message, "parts"));
  for (const part of parts.slice(0, chosenMax)) {
    const call = textAt(part, "id");
    const tool = textAt(part, "name");
    if (textAt(part, "type") !== "tool_call" || call === undefined || tool === undefined) continue;
    const args = jsonText(at(part, "arguments"));
    sink.fact({
      class: "decision",
      key: ["decision", envelope.session ?? "", call, "answer span"],
      ...envelope,
      call,
      body: {
        tool,
        kind: kindOf(tool, undefined),
        arguments_state: args === undefined ? "missing" : "reported",
      },
      ...contents({ arguments: args }),
    });
  }
}

/** The run of a sub-agent: a trace of its own inside the session of its parent. */
function subagent(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = spanEnvelope(item);
  sink.fact({
    class: "session",
    key: spanKey(item, "session"),
    ...envelope,
    ...present({ span: item.spanId }),
    body: { event: "seen" },
    attrs: { ...envelope.attrs, event: "subagent", ...listed(attributes, kept.subagent) },
    ...contents({ attributes: unlisted(item, known) }),
  });
  return "done";
}
