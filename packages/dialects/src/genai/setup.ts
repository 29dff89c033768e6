import type { FactSink, SpanView } from "@custody/model";
import { firstFilled, listed, unlisted } from "../attributes.ts";
import { contents } from "../content.ts";
import { spanEnvelope, spanKey } from "../conventions/envelope.ts";
import { present } from "../present.ts";
import { convention } from "./fields.ts";

/** An agent or a workflow that was set up or begun: it says who will act, and is no turn of its own. */
export function setup(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = spanEnvelope(item, convention);
  sink.fact({
    class: "session",
    key: spanKey(item, "session"),
    ...envelope,
    ...present({ span: item.spanId }),
    attrs: { ...envelope.attrs, ...listed(attributes, convention.kept) },
    body: present({
      event: "seen" as const,
      provider: firstFilled(attributes, convention.words.provider),
    }),
    ...contents({ attributes: unlisted(item, convention.known, convention.knownUnder) }),
  });
  return "done";
}
