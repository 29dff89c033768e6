import { approvalWords, type FactSink, type SpanView } from "@custody/model";
import { firstFilled } from "../attributes.ts";
import { contentOf, contents } from "../content.ts";
import { spanEnvelope, spanKey } from "../conventions/envelope.ts";
import { commonToolKind } from "../tool-kinds.ts";
import { convention } from "./fields.ts";
import { type CallVerdict, verdictsIn } from "./verdicts.ts";

/**
 * Approvals have no span. The messages of a run that takes a conversation up again say what the application answered; whom it asked they do
 * not. A denied call has no span either: that it was denied is concluded from what the model was told instead of a result.
 */
export function verdictFacts(item: SpanView, sink: FactSink): void {
  const input = firstFilled(item.attributes, convention.words.input);
  if (input === undefined) return;
  for (const verdict of verdictsIn(input)) {
    approval(item, verdict, sink);
    if (!verdict.approved) refused(item, verdict, sink);
  }
}

function approval(item: SpanView, verdict: CallVerdict, sink: FactSink): void {
  const words = approvalWords("vercel-ai", verdict.approved ? "approved" : "denied", "");
  sink.fact({
    class: "approval",
    key: spanKey(item, "approval", verdict.call),
    ...spanEnvelope(item, convention),
    ...(item.spanId === undefined ? {} : { parent: item.spanId }),
    call: verdict.call,
    body: {
      verdict: words?.verdict ?? "ask",
      by: words?.by ?? "unknown",
      scope: words?.scope ?? "once",
      raw: verdict.raw,
      ...(verdict.tool === undefined ? {} : { tool: verdict.tool }),
      // An answer is read before the refusal that followed from it.
      primary: verdict.answered,
    },
    ...contents({ reason: verdict.reason }),
  });
}

function refused(item: SpanView, verdict: CallVerdict, sink: FactSink): void {
  const tool = verdict.tool ?? "unknown";
  const args = contentOf(verdict.arguments, "missing");
  sink.fact({
    class: "tool_call",
    key: spanKey(item, "denied", verdict.call),
    ...spanEnvelope(item, convention),
    ...(item.spanId === undefined ? {} : { parent: item.spanId }),
    call: verdict.call,
    inferred: true,
    body: {
      event: "result",
      tool,
      kind: commonToolKind(tool),
      status: "denied",
      arguments_state: args.state,
      primary: false,
      inferred: true,
    },
    ...contents({ arguments: args.text }),
  });
}
