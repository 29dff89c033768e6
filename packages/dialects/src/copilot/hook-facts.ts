import type { FactSink, SpanView } from "@custody/model";
import { filled, listed, unlisted } from "../attributes.ts";
import { contents } from "../content.ts";
import { present } from "../present.ts";
import { spanEnvelope, spanKey } from "./envelope.ts";
import { kept, known } from "./fields.ts";
import { spanEvents } from "./span-events.ts";

const refusals: ReadonlySet<string> = new Set(["block", "deny"]);

/** `execute_hook` of VS Code: a command that ran beside the agent, and where it refused a tool, the verdict, of no named call. */
export function hook(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = spanEnvelope(item);
  const attrs = { ...envelope.attrs, event: "execute_hook", ...listed(attributes, kept.hook) };
  sink.fact({
    class: "session",
    key: spanKey(item, "session"),
    ...envelope,
    ...present({ span: item.spanId }),
    attrs,
    body: { event: "seen" },
    ...contents({ attributes: unlisted(item, known) }),
  });
  const decision = filled(attributes, "github.copilot.hook.decision");
  if (decision === undefined || !refusals.has(decision)) return "done";
  sink.fact({
    class: "approval",
    key: spanKey(item, "approval"),
    ...envelope,
    ...present({ parent: item.spanId }),
    attrs,
    body: { verdict: "deny", by: "hook", scope: "once", raw: `hook/${decision}`, primary: false },
  });
  return "done";
}

/** A span that says something of the session and nothing of a call: kept whole. */
export function spanSeen(item: SpanView, sink: FactSink): "done" {
  const envelope = spanEnvelope(item);
  sink.fact({
    class: "session",
    key: spanKey(item, "session"),
    ...envelope,
    ...present({ span: item.spanId }),
    attrs: { ...envelope.attrs, event: item.attributes.text("gen_ai.operation.name") ?? item.name },
    body: { event: "seen" },
    ...contents({ attributes: unlisted(item, known) }),
  });
  spanEvents(item, envelope, sink);
  return "done";
}
