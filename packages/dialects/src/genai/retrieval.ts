import type { FactSink, SpanView } from "@custody/model";
import { firstFilled, listed, unlisted } from "../attributes.ts";
import { byteLength } from "../byte-length.ts";
import { contentOf, contents } from "../content.ts";
import { spanEnvelope, spanKey } from "../conventions/envelope.ts";
import { present } from "../present.ts";
import { convention, retrieved } from "./fields.ts";

/** Documents or memories that were fetched for the model: nobody decided on a tool, and what came back entered its context. */
export function retrieval(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = spanEnvelope(item, convention);
  const seen = contentOf(firstFilled(attributes, retrieved), "withheld");
  sink.fact({
    class: "observation",
    key: spanKey(item, "observation"),
    ...envelope,
    ...present({ ts: item.end ?? item.start, span: item.spanId }),
    attrs: { ...envelope.attrs, ...listed(attributes, convention.kept) },
    body: present({
      state: seen.state,
      trust: "unknown" as const,
      bytes: seen.text === undefined ? undefined : byteLength(seen.text),
    }),
    ...contents({
      content: seen.text,
      attributes: unlisted(item, convention.known),
    }),
  });
  return "done";
}
