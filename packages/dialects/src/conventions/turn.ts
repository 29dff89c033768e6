import type { Capability, FactSink, SpanView } from "@custody/model";
import { firstFilled, listed, unlisted } from "../attributes.ts";
import { byteLength } from "../byte-length.ts";
import { contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { spanEnvelope, spanKey } from "./envelope.ts";
import { promptText } from "./prompt-text.ts";
import { inputOf } from "./span-content.ts";
import type { Convention } from "./words.ts";

/** What the conventions have a name for. There is none for sandboxes or egress (agent-telemetry 10.1). */
const can: readonly Capability[] = ["prompt", "arguments", "results"];

/** What a span says of its run in a form of its own. */
export interface TurnNotes {
  /** What went in. */
  readonly input?: string | undefined;
}

/** One run of an agent, from what it was asked to its answer. Its tokens are the sum of those under it and are not read. */
export function turn(
  item: SpanView,
  sink: FactSink,
  convention: Convention,
  notes: TurnNotes = {},
): "done" {
  const { attributes } = item;
  const { words } = convention;
  const envelope = spanEnvelope(item, convention);
  const asked = contentOf(notes.input ?? inputOf(attributes, words), convention.absent);
  const prompt = asked.text === undefined ? undefined : promptText(asked.text);
  sink.fact({
    class: "turn",
    key: spanKey(item, "turn"),
    ...envelope,
    ...present({ span: item.spanId, turn: item.spanId }),
    attrs: { ...envelope.attrs, ...listed(attributes, convention.kept) },
    body: present({
      event: "start" as const,
      prompt_state: asked.state,
      prompt_bytes: prompt === undefined ? undefined : byteLength(prompt),
    }),
    ...contents({
      prompt,
      attributes: unlisted(item, convention.known, convention.knownUnder),
    }),
  });
  sink.fact({
    class: "session",
    key: spanKey(item, "session"),
    ...envelope,
    ...present({ parent: item.spanId }),
    body: present({
      event: "seen" as const,
      provider: firstFilled(attributes, words.provider),
      can,
    }),
  });
  return "done";
}
