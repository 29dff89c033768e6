import { approvalWords, type FactSink, type LogView, type SpanView } from "@custody/model";
import { contents } from "../content.ts";
import { textAt } from "../json-path.ts";
import { present } from "../present.ts";
import { type Envelope, logEnvelope, logKey, spanEnvelope, spanKey } from "./envelope.ts";
import type { Message } from "./messages.ts";
import { exceptionOf, type Outcome } from "./outcomes.ts";

const statusError = 2;

/**
 * `Permission.ask`: a rule was looked up or somebody was asked. The span has no attributes; it stands under the span of its tool, or under one
 * or two spans of the tool's own code between them, so which call it was for is only in the tree of the trace. The verdict of the call is
 * therefore said by the call's own span, and this one corroborates it.
 */
export function permissionAsked(item: SpanView, sink: FactSink): "done" {
  const refusal = item.statusCode === statusError ? (exceptionOf(item) ?? "error") : undefined;
  const words = approvalWords("opencode", refusal ?? "ok", "");
  const envelope = spanEnvelope(item);
  sink.fact({
    class: "approval",
    key: spanKey(item, "approval"),
    ...envelope,
    ...present({ ts: item.end ?? item.start, span: item.spanId }),
    attrs: {
      ...envelope.attrs,
      ...(words === undefined ? { "approval.words": "unlisted" } : {}),
    },
    body: {
      verdict: words?.verdict ?? "ask",
      by: words?.by ?? "unknown",
      scope: words?.scope ?? "once",
      raw: `${item.name}/${refusal ?? "ok"}`,
      primary: false,
    },
    ...contents({ error: item.statusMessage === "" ? undefined : item.statusMessage }),
  });
  return "done";
}

/** What the span of a call shows of its approval: why it was refused, or that it ran and so was allowed, by a rule or by somebody. */
export function callVerdict(
  item: SpanView,
  envelope: Envelope & { readonly call: string },
  tool: string,
  { status, refusal, errorType }: Outcome,
  sink: FactSink,
): void {
  const shared = { ...envelope, ...present({ parent: item.spanId }) };
  if (refusal !== undefined) {
    sink.fact({
      class: "approval",
      key: spanKey(item, "approval"),
      ...shared,
      ...present({ ts: item.end ?? item.start }),
      body: { ...refusal, raw: errorType ?? "error", tool, primary: false },
    });
    return;
  }
  if (status !== "executed") return;
  sink.fact({
    class: "approval",
    key: spanKey(item, "approval"),
    ...shared,
    inferred: true,
    body: {
      verdict: "allow",
      by: "unknown",
      scope: "once",
      raw: "executed",
      tool,
      primary: false,
    },
  });
}

/** The log record `evaluated`: what the rules say to one permission and pattern. It names no call and no session, only the span of the question. */
export function ruleEvaluated(
  item: LogView,
  { said, rest }: Message,
  sink: FactSink,
): "done" | "opaque" {
  const action = textAt(said, "action", "action");
  if (action === undefined) return "opaque";
  const words = approvalWords("opencode", action, "rule");
  const envelope = logEnvelope(item, undefined);
  sink.fact({
    class: "approval",
    key: logKey(item, "evaluated", rest ?? ""),
    ...envelope,
    attrs: {
      ...envelope.attrs,
      ...present({
        permission: textAt(said, "permission"),
        "rule.permission": textAt(said, "action", "permission"),
      }),
      ...(words === undefined ? { "approval.words": "unlisted" } : {}),
    },
    body: {
      verdict: words?.verdict ?? "ask",
      by: words?.by ?? "unknown",
      scope: words?.scope ?? "once",
      raw: `rule/${action}`,
      primary: false,
    },
    ...contents({ reason: rest }),
  });
  return "done";
}
