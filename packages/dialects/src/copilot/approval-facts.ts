import { approvalWords, type FactSink, type SpanView } from "@custody/model";
import { firstFilled, listed, unlisted } from "../attributes.ts";
import { contents } from "../content.ts";
import { present } from "../present.ts";
import { type Envelope, spanEnvelope, spanKey } from "./envelope.ts";
import { kept, known, names } from "./fields.ts";
import type { Outcome } from "./tools.ts";

/**
 * A `permission` span: somebody or something was asked. It names no call, its parent does: the call is named by that span, as is the call
 * of a tool span that names none. Early releases (1.0.10) wrote the result on the tool span itself.
 */
export function permission(item: SpanView, sink: FactSink): "done" | "opaque" {
  const result = firstFilled(item.attributes, names.permission);
  const envelope = spanEnvelope(item);
  const call =
    firstFilled(item.attributes, names.call) ??
    (item.parentSpanId === undefined ? undefined : `span:${item.parentSpanId}`);
  if (result === undefined) return "opaque";
  verdict(item, { ...envelope, ...present({ call }) }, result, sink);
  return "done";
}

export function verdict(
  item: SpanView,
  envelope: Envelope & { readonly call?: string },
  result: string,
  sink: FactSink,
): void {
  const { attributes } = item;
  const words = approvalWords("copilot", result, "");
  sink.fact({
    class: "approval",
    key: spanKey(item, "approval"),
    ...envelope,
    ...present({ ts: item.end ?? item.start, span: item.spanId }),
    attrs: {
      ...envelope.attrs,
      ...listed(attributes, kept.permission),
      ...(words === undefined ? { "approval.words": "unlisted" } : {}),
    },
    body: present({
      verdict: words?.verdict ?? ("ask" as const),
      by: words?.by ?? ("unknown" as const),
      scope: words?.scope ?? ("once" as const),
      raw: result,
      tool: firstFilled(attributes, names.permissionTool),
      primary: true,
    }),
    ...contents({ attributes: unlisted(item, known) }),
  });
}

/**
 * What a tool span shows of its approval by itself, for where no permission span speaks of the call: a refused one was refused, by a rule or
 * by a hook alike; one that ran without a question was allowed beforehand (agent-telemetry 15.1). Concluded, and never primary: a permission
 * span of the call stands above it. VS Code asks without telling, so there a run concludes nothing.
 */
export function concludedVerdict(
  item: SpanView,
  envelope: Envelope & { readonly call: string },
  tool: string,
  { status }: Outcome,
  sink: FactSink,
): void {
  const isRefused = status === "denied";
  if (!isRefused && (status !== "executed" || envelope.agent?.name !== "copilot")) return;
  sink.fact({
    class: "approval",
    key: spanKey(item, "approval", "concluded"),
    ...envelope,
    ...present({ parent: item.spanId }),
    inferred: true,
    body: {
      verdict: isRefused ? "deny" : "allow",
      by: isRefused ? "unknown" : "policy",
      scope: "once",
      raw: isRefused ? "error.type=denied" : "executed",
      tool,
      primary: false,
    },
  });
}
