import type { Body, FactSink, FactState, SpanView } from "@custody/model";
import { firstFilled, firstWhole, listed, unlisted } from "../attributes.ts";
import { byteLength } from "../byte-length.ts";
import { contentOf, contents } from "../content.ts";
import { at, jsonText, listAt, parsedJson, textAt } from "../json-path.ts";
import { present } from "../present.ts";
import { commonToolKind, toolKind } from "../tool-kinds.ts";
import { type Envelope, spanEnvelope, spanKey } from "./envelope.ts";
import { kept, known, names } from "./fields.ts";
import { exceptionOf } from "./outcomes.ts";

const statusError = 2;

type Usage = Pick<
  Body<"inference">,
  | "input_tokens"
  | "cached_input_tokens"
  | "cache_write_tokens"
  | "output_tokens"
  | "reasoning_tokens"
>;

/** A request to a model, as the AI SDK tells it: the only span whose tokens count. Cached tokens are part of the input. */
export function inference(item: SpanView, sink: FactSink, purpose: string | undefined): "done" {
  const { attributes } = item;
  const envelope = spanEnvelope(item);
  const failed = item.statusCode === statusError;
  const usage = usageOf(item);
  const request = contentOf(firstFilled(attributes, names.input), "withheld");
  const chosen = firstFilled(attributes, names.chosen);
  sink.fact({
    class: "inference",
    key: spanKey(item, "inference"),
    ...envelope,
    ...present({ span: item.spanId }),
    attrs: { ...envelope.attrs, ...listed(attributes, kept.inference) },
    body: present({
      status: failed ? ("error" as const) : ("ok" as const),
      // A failed request has no response whose tokens could count.
      primary: usage.input_tokens !== undefined || !failed,
      purpose,
      provider: firstFilled(attributes, names.provider),
      model: envelope.agent?.model,
      ttft_ms: firstWhole(attributes, names.firstChunkMs),
      error_type: failed ? (exceptionOf(item) ?? "error") : undefined,
      ...usage,
    }),
    ...contents({
      request: request.text,
      response: firstFilled(attributes, names.answer),
      tools: firstFilled(attributes, names.tools),
      calls: chosen,
      error: item.statusMessage === "" ? undefined : item.statusMessage,
      attributes: unlisted(item, known),
    }),
  });
  const parent = firstFilled(attributes, names.parentSession);
  if (parent !== undefined) childSession(item, envelope, parent, sink);
  const asked = promptOf(item, request.text);
  if (asked !== undefined) promptTold(item, envelope, asked, sink);
  decided(item, envelope, chosen, sink);
  return "done";
}

/**
 * What the user asked, where this request is the first of a turn: then the last of its messages is the user's. The title generator asks about
 * the same prompt, without tools.
 */
function promptOf({ attributes }: SpanView, request: string | undefined): string | undefined {
  if (firstFilled(attributes, names.tools) === undefined) return undefined;
  const last = listAt(parsedJson(request)).at(-1);
  if (textAt(last, "role") !== "user") return undefined;
  const parts = listAt(last, "content").flatMap((part) => textAt(part, "text") ?? []);
  return textAt(last, "content") ?? (parts.length === 0 ? undefined : parts.join("\n"));
}

function promptTold(item: SpanView, envelope: Envelope, prompt: string, sink: FactSink): void {
  sink.fact({
    class: "turn",
    key: spanKey(item, "turn"),
    ...envelope,
    ...present({ parent: item.spanId, turn: item.traceId }),
    body: { event: "start", prompt_state: "reported", prompt_bytes: byteLength(prompt) },
    content: { prompt },
  });
}

/** The outer span of a step repeats the tokens of the model call inside it: a check on it, never counted beside it. */
export function total(item: SpanView, sink: FactSink): "done" {
  const envelope = spanEnvelope(item);
  const failed = item.statusCode === statusError;
  sink.fact({
    class: "inference",
    key: spanKey(item, "inference"),
    ...envelope,
    ...present({ span: item.spanId }),
    body: present({
      status: failed ? ("error" as const) : ("ok" as const),
      primary: false,
      purpose: "turn_total",
      model: envelope.agent?.model,
      error_type: failed ? (exceptionOf(item) ?? "error") : undefined,
      ...usageOf(item),
    }),
    ...contents({ error: item.statusMessage === "" ? undefined : item.statusMessage }),
  });
  return "done";
}

/** `LLM.run`, opencode's own span around a model call: without the AI SDK's spans it is all that is told of one, and it has no attributes. */
export function modelCall(item: SpanView, sink: FactSink): "done" {
  const failed = item.statusCode === statusError;
  sink.fact({
    class: "inference",
    key: spanKey(item, "inference"),
    ...spanEnvelope(item),
    ...present({ span: item.spanId }),
    body: present({
      // It ends well for a stream that then fails.
      status: failed ? ("error" as const) : ("unknown" as const),
      primary: false,
      error_type: failed ? (exceptionOf(item) ?? "error") : undefined,
    }),
    ...contents({
      error: item.statusMessage === "" ? undefined : item.statusMessage,
      attributes: unlisted(item, known),
    }),
  });
  return "done";
}

function usageOf({ attributes }: SpanView): Usage {
  return present({
    input_tokens: firstWhole(attributes, names.inputTokens),
    cached_input_tokens: firstWhole(attributes, names.cachedTokens),
    cache_write_tokens: firstWhole(attributes, names.cacheWriteTokens),
    output_tokens: firstWhole(attributes, names.outputTokens),
    reasoning_tokens: firstWhole(attributes, names.reasoningTokens),
  });
}

/** A model call of a sub-agent says in a header of its request whose it is. */
function childSession(item: SpanView, envelope: Envelope, parent: string, sink: FactSink): void {
  sink.fact({
    class: "session",
    key: spanKey(item, "session"),
    ...envelope,
    ...present({ parent: item.spanId }),
    body: { event: "seen", parent_session: parent },
  });
}

/** The calls that the answer names: what was decided, also where nothing was ever run of it. */
function decided(
  item: SpanView,
  envelope: Envelope,
  answer: string | undefined,
  sink: FactSink,
): void {
  for (const chosen of listAt(parsedJson(answer))) {
    const call = textAt(chosen, "toolCallId");
    const said = textAt(chosen, "toolName");
    if (call === undefined || said === undefined) continue;
    const input = at(chosen, "input") ?? at(chosen, "args");
    // A tool that is not there is replaced before the answer is told, with its name inside.
    const tool = said === "invalid" ? (textAt(input, "tool") ?? said) : said;
    const args = typeof input === "string" ? input : jsonText(input);
    const state: FactState = args === undefined ? "missing" : "reported";
    const own = toolKind("opencode", tool);
    sink.fact({
      class: "decision",
      key: ["decision", envelope.session ?? "", call, "answer"],
      ...envelope,
      ...present({ ts: item.end ?? item.start, parent: item.spanId }),
      call,
      body: {
        tool,
        kind: own === "other" ? commonToolKind(tool) : own,
        arguments_state: state,
      },
      ...contents({ arguments: args }),
    });
  }
}
