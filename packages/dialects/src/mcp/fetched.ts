import type { FactSink, SpanView } from "@custody/model";
import { firstFilled, listed, unlisted } from "../attributes.ts";
import { contents } from "../content.ts";
import { spanEnvelope, spanKey } from "../conventions/envelope.ts";
import { present } from "../present.ts";
import { convention } from "./fields.ts";

/** A resource or a prompt that a server gave: nobody chose a tool, and its content enters the model's context. The spans never hold it. */
export function fetched(item: SpanView, sink: FactSink): "done" {
  sink.fact({
    class: "observation",
    key: spanKey(item, "observation"),
    ...shared(item),
    ...present({ ts: item.end ?? item.start, span: item.spanId }),
    body: { state: "unknown", trust: "mcp" },
    ...contents({ attributes: unlisted(item, convention.known, convention.knownUnder) }),
  });
  return "done";
}

/** A connection that began, or a question of a server to its client: it says that the agent speaks with the server. */
export function requested(item: SpanView, sink: FactSink): "done" {
  const server = firstFilled(item.attributes, convention.words.mcpServer);
  sink.fact({
    class: "session",
    key: spanKey(item, "session"),
    ...shared(item),
    ...present({ span: item.spanId }),
    body: present({
      event: "seen" as const,
      mcp_servers: server === undefined ? undefined : [server],
    }),
    ...contents({ attributes: unlisted(item, convention.known, convention.knownUnder) }),
  });
  return "done";
}

function shared(item: SpanView) {
  const envelope = spanEnvelope(item, convention);
  return {
    ...envelope,
    attrs: { ...envelope.attrs, ...listed(item.attributes, convention.kept) },
  };
}
