import { approvalWords, type FactSink, type SpanView } from "@custody/model";
import { unlisted } from "../attributes.ts";
import { contents } from "../content.ts";
import { present } from "../present.ts";
import { spanEnvelope, spanKey } from "./envelope.ts";
import type { Convention } from "./words.ts";

/** A verdict in the source's words: the rows of `approvalWords` are under the name of its dialect. */
export interface Said {
  readonly dialect: string;
  readonly decision: string;
  readonly source: string;
  readonly call?: string | undefined;
  readonly tool?: string | undefined;
  readonly reason?: string | undefined;
  readonly attrs?: Readonly<Record<string, string>> | undefined;
}

/** A verdict that a span gave on its run, or on the call it names. Words that no row knows decide nothing: they are kept, and marked. */
export function verdict(
  item: SpanView,
  sink: FactSink,
  convention: Convention,
  said: Said,
): "done" {
  const words = approvalWords(said.dialect, said.decision, said.source);
  const envelope = spanEnvelope(item, convention);
  sink.fact({
    class: "approval",
    key: spanKey(item, "approval"),
    ...envelope,
    ...present({ ts: item.end ?? item.start, parent: item.spanId, call: said.call }),
    attrs: {
      ...envelope.attrs,
      ...said.attrs,
      ...(words === undefined ? { "approval.words": "unlisted" } : {}),
    },
    body: present({
      verdict: words?.verdict ?? ("ask" as const),
      by: words?.by ?? ("unknown" as const),
      scope: words?.scope ?? ("once" as const),
      raw: `${said.decision}/${said.source}`,
      tool: said.tool,
      primary: true,
    }),
    ...contents({
      reason: said.reason,
      attributes: unlisted(item, convention.known, convention.knownUnder),
    }),
  });
  return "done";
}
