import {
  type AnyFact,
  approvers,
  type Capability,
  callStatuses,
  type FactSink,
  type FactState,
  type SpanView,
  scopes,
  type ToolKind,
  toolKinds,
  verdicts,
} from "@custody/model";
import { filled, firstFilled, firstWhole, listed, unlisted, whole } from "../attributes.ts";
import { contents } from "../content.ts";
import { agentOf, spanKey } from "../conventions/envelope.ts";
import { genAiClaims, genAiKept, genAiWords as names } from "../conventions/gen-ai-words.ts";
import { present } from "../present.ts";
import { commonToolKind } from "../tool-kinds.ts";
import { convention } from "./fields.ts";
import { own, ownKept } from "./own-fields.ts";

/** What one import sees by itself. Approvals reach us only where the agent's author says them. */
const can: readonly Capability[] = ["prompt", "arguments", "results"];

const ownListed: readonly string[] = [...genAiKept, ...ownKept];

const ownKnown: ReadonlySet<string> = new Set([...convention.known, ...Object.values(own)]);

type Read = (item: SpanView, sink: FactSink) => "done" | "opaque";

/** Spans of our own instrumentation: each is one fact, named by `custody.span.kind`. */
export function ownSpan(item: SpanView, sink: FactSink): "done" | "opaque" {
  const kind = item.attributes.text(own.kind) ?? "";
  return item.spanId === undefined ? "opaque" : (readers.get(kind)?.(item, sink) ?? "opaque");
}

function envelope(item: SpanView) {
  const { attributes } = item;
  const source = filled(attributes, own.source);
  const n = attributes.integer(own.sequence);
  const approver = filled(attributes, own.approver);
  const claimed = {
    ...listed(attributes, genAiClaims),
    ...(approver === undefined ? {} : { "approver.principal": approver }),
  };
  return present({
    ts: item.start,
    end: item.end,
    session: filled(attributes, own.session) ?? firstFilled(attributes, names.session),
    turn: filled(attributes, own.turn),
    call: filled(attributes, own.call) ?? firstFilled(attributes, names.call),
    trace: item.traceId,
    span: item.spanId,
    parent: item.parentSpanId,
    agent: agentOf(item, names),
    claimed: Object.keys(claimed).length === 0 ? undefined : claimed,
    attrs: listed(attributes, ownListed),
    seq:
      source === undefined || n === undefined || n < 0
        ? undefined
        : { id: source, epoch: attributes.text(own.epoch) ?? "", n },
  });
}

/** Content that is there was reported; `custody.content` says of the rest whether it was withheld. */
function stateOf({ attributes }: SpanView, text: string | undefined): FactState {
  if (text !== undefined) return "reported";
  return attributes.text(own.content) === "withheld" ? "withheld" : "missing";
}

const isInferred = ({ attributes }: SpanView): boolean => attributes.boolean(own.inferred) === true;

function session(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const ended = attributes.text(own.sessionEvent) === "end";
  sink.fact({
    class: "session",
    key: spanKey(item, "session"),
    ...envelope(item),
    body: present({
      event: ended ? ("end" as const) : ("start" as const),
      entrypoint: ended ? undefined : "instrumentation",
      end_reason: filled(attributes, own.endReason),
      can: ended ? undefined : can,
    }),
    ...contents({ attributes: unlisted(item, ownKnown) }),
  });
  return "done";
}

function turn(item: SpanView, sink: FactSink): "done" {
  const prompt = firstFilled(item.attributes, names.input);
  sink.fact({
    class: "turn",
    key: spanKey(item, "turn"),
    ...envelope(item),
    body: { event: "start", prompt_state: stateOf(item, prompt) },
    ...contents({ prompt, attributes: unlisted(item, ownKnown) }),
  });
  return "done";
}

function inference(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const error = firstFilled(attributes, names.errorType);
  const failed = error !== undefined || item.statusCode === 2;
  const input = firstWhole(attributes, names.inputTokens);
  const seconds = attributes.number("gen_ai.response.time_to_first_chunk");
  sink.fact({
    class: "inference",
    key: spanKey(item, "inference"),
    ...envelope(item),
    body: present({
      status: failed ? ("error" as const) : ("ok" as const),
      primary: input !== undefined || !failed,
      provider: firstFilled(attributes, names.provider),
      model: agentOf(item, names).model,
      ttft_ms:
        seconds === undefined || seconds < 0 || seconds > 1e9
          ? undefined
          : Math.round(seconds * 1000),
      error_type: error,
      input_tokens: input,
      cached_input_tokens: firstWhole(attributes, names.cachedTokens),
      cache_write_tokens: firstWhole(attributes, names.cacheWriteTokens),
      output_tokens: firstWhole(attributes, names.outputTokens),
      reasoning_tokens: firstWhole(attributes, names.reasoningTokens),
    }),
    ...contents({
      request: firstFilled(attributes, names.input),
      response: firstFilled(attributes, names.output),
      attributes: unlisted(item, ownKnown),
    }),
  });
  return "done";
}

function decision(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const tool = firstFilled(attributes, names.tool) ?? "unknown";
  const args = firstFilled(attributes, names.arguments);
  const reason = filled(attributes, own.reason);
  sink.fact({
    class: "decision",
    key: spanKey(item, "decision"),
    ...envelope(item),
    ...present({ inferred: isInferred(item) ? true : undefined }),
    body: present({
      tool,
      kind: kindOf(item, tool),
      arguments_state: stateOf(item, args),
      reason_state: reason === undefined ? undefined : ("reported" as const),
      inferred: isInferred(item) ? true : undefined,
    }),
    ...contents({ arguments: args, reason, attributes: unlisted(item, ownKnown) }),
  });
  return "done";
}

/**
 * The approver named in a span is a claim: only an authority's credential names one (contract 3). A span that states no verdict of the
 * table decided nothing that can be said: it is kept whole.
 */
function approval(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const verdict = memberOf(verdicts, attributes.text(own.verdict));
  if (verdict === undefined) return "opaque";
  const by = memberOf(approvers, attributes.text(own.by)) ?? "unknown";
  sink.fact({
    class: "approval",
    key: spanKey(item, "approval"),
    ...envelope(item),
    body: present({
      verdict,
      by,
      scope: memberOf(scopes, attributes.text(own.scope)) ?? "once",
      raw: filled(attributes, own.raw) ?? `${verdict}/${by}`,
      tool: firstFilled(attributes, names.tool),
      primary: true,
    }),
    ...contents({ attributes: unlisted(item, ownKnown) }),
  });
  return "done";
}

/**
 * An attempt read off the traffic lies somewhere within its span, which begins with the decision: its start is not known. One that the agent's
 * author wrapped is its span.
 */
function toolCall(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const tool = firstFilled(attributes, names.tool) ?? "unknown";
  const args = firstFilled(attributes, names.arguments);
  const status = memberOf(callStatuses, attributes.text(own.status)) ?? "unknown";
  const inferred = isInferred(item);
  sink.fact({
    class: "tool_call",
    key: spanKey(item, "tool_call"),
    ...envelope(item),
    ...present({ inferred: inferred ? true : undefined }),
    body: present({
      event: "result" as const,
      tool,
      kind: kindOf(item, tool),
      status,
      success: attributes.boolean(own.success),
      exit_code: attributes.integer(own.exitCode),
      exec_start: inferred || status === "denied" ? undefined : item.start,
      arguments_state: stateOf(item, args),
      error_type: firstFilled(attributes, names.errorType),
      primary: true,
      inferred: inferred ? true : undefined,
    }),
    ...contents({
      arguments: args,
      output: firstFilled(attributes, names.result),
      attributes: unlisted(item, ownKnown),
    }),
  });
  return "done";
}

type Trust = Extract<AnyFact, { readonly class: "observation" }>["body"]["trust"];
const trusts: readonly Trust[] = ["tool_output", "user", "repo", "web", "mcp", "unknown"];

function observation(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const excerpt = attributes.text(own.excerpt);
  sink.fact({
    class: "observation",
    key: spanKey(item, "observation"),
    ...envelope(item),
    body: present({
      state: stateOf(item, excerpt),
      trust: memberOf(trusts, attributes.text(own.trust)) ?? ("unknown" as const),
      bytes: whole(attributes, own.bytes),
      digest: filled(attributes, own.digest),
      truncated: attributes.text(own.content) === "truncated" ? true : undefined,
    }),
    ...contents({ content: excerpt, attributes: unlisted(item, ownKnown) }),
  });
  return "done";
}

function kindOf({ attributes }: SpanView, tool: string): ToolKind {
  return memberOf(toolKinds, attributes.text(own.toolKind)) ?? commonToolKind(tool);
}

function memberOf<T extends string>(list: readonly T[], text: string | undefined): T | undefined {
  return list.find((member) => member === text);
}

const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["session", session],
  ["turn", turn],
  ["inference", inference],
  ["decision", decision],
  ["approval", approval],
  ["tool_call", toolCall],
  ["observation", observation],
]);
