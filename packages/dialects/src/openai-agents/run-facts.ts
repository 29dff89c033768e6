import type { Capability, FactSink, SpanView } from "@custody/model";
import { filled, listed, unlisted } from "../attributes.ts";
import { contents } from "../content.ts";
import { spanEnvelope, spanKey } from "../conventions/envelope.ts";
import { verdict } from "../conventions/verdict.ts";
import { present } from "../present.ts";
import { convention, member } from "./fields.ts";
import { loopTurn } from "./model-facts.ts";

/** What the export has a member for. A prompt is not among them: only the input of Chat Completions is sent. */
const can: readonly Capability[] = ["arguments", "results"];

/** A `trace` names the conversation that its spans belong to, which they do not. It has no time. */
export function trace(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const id = filled(attributes, "id");
  if (id === undefined) return "opaque";
  const envelope = spanEnvelope(item, convention);
  sink.fact({
    class: "session",
    key: ["trace", id],
    ...envelope,
    attrs: { ...envelope.attrs, ...listed(attributes, convention.kept) },
    body: { event: "seen", entrypoint: "openai-agents", can },
    ...contents({ attributes: unlisted(item, convention.known) }),
  });
  return "done";
}

/** A `task` is one run from prompt to answer. A custom span of the application says what only the application knows. */
export function custom(item: SpanView, sink: FactSink): "done" {
  switch (item.attributes.text(member.sdkType)) {
    case "task":
      return run(item, sink);
    case "turn":
      return loopTurn(item, sink);
    default:
      return noise(item, sink);
  }
}

/** Releases without `task` spans begin a run with its agent. */
export function agent(item: SpanView, sink: FactSink): "done" {
  return item.parentSpanId === undefined ? run(item, sink) : noise(item, sink);
}

function run(item: SpanView, sink: FactSink): "done" {
  const envelope = spanEnvelope(item, convention);
  sink.fact({
    class: "turn",
    key: spanKey(item, "turn"),
    ...envelope,
    ...present({ span: item.spanId, turn: item.spanId }),
    attrs: { ...envelope.attrs, ...listed(item.attributes, convention.kept) },
    body: { event: "start", prompt_state: "unknown" },
    ...contents({ attributes: unlisted(item, convention.known) }),
  });
  return "done";
}

export function noise({ attributes }: SpanView, sink: FactSink): "done" {
  sink.noise(`openai-agents ${attributes.text(member.type) ?? ""}`);
  return "done";
}

/** A guardrail's verdict is on the run, or on the call it stands below; it names neither. */
export function guardrail(item: SpanView, sink: FactSink): "done" {
  const triggered = item.attributes.boolean(member.triggered);
  if (triggered === undefined) return noise(item, sink);
  const name = filled(item.attributes, member.name);
  return verdict(item, sink, convention, {
    dialect: "openai-agents",
    decision: triggered ? "triggered" : "passed",
    source: "guardrail",
    attrs: name === undefined ? undefined : { "guardrail.name": name },
  });
}
