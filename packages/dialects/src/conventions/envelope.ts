import type { AgentIdentity, Fact, LogView, SpanView } from "@custody/model";
import { filled, firstFilled, listed } from "../attributes.ts";
import { present } from "../present.ts";
import type { Convention, Words } from "./words.ts";

/** What every fact of one span or log record shares. */
export type Envelope = Pick<
  Fact,
  "ts" | "end" | "session" | "trace" | "parent" | "agent" | "claimed" | "attrs"
>;

/**
 * Where nothing names a conversation, the trace stands for it: one run of an agent is one trace then. `attrs` say so, since a trace id is
 * not a session id.
 */
export function spanEnvelope(item: SpanView, convention: Convention): Envelope {
  return present({
    ts: item.start,
    end: item.end,
    parent: item.parentSpanId,
    ...shared(item, convention),
  });
}

/** A log record stands under the span it was written in. */
export function logEnvelope(item: LogView, convention: Convention): Envelope {
  return present({
    ts: item.time ?? item.observedTime,
    parent: item.spanId,
    ...shared(item, convention),
  });
}

function shared(item: SpanView | LogView, { words, claims }: Convention) {
  const said = firstFilled(item.attributes, words.session);
  return {
    session: said ?? item.traceId,
    trace: item.traceId,
    agent: agentOf(item, words),
    claimed: listed(item.attributes, claims),
    attrs:
      said === undefined && item.traceId !== undefined ? { "session.source": "trace" } : undefined,
  };
}

/** The application's own name: libraries and conventions are not agents. */
export function agentOf({ attributes, resource }: SpanView | LogView, words: Words): AgentIdentity {
  return present({
    name: firstFilled(attributes, words.agentName) ?? filled(resource, "service.name") ?? "unknown",
    version: firstFilled(attributes, words.agentVersion) ?? filled(resource, "service.version"),
    model:
      firstFilled(attributes, words.responseModel) ?? firstFilled(attributes, words.requestModel),
  });
}

/** A span is its own identity; `role` tells the facts of one span apart. */
export function spanKey(item: SpanView, ...role: readonly string[]): readonly string[] {
  return ["span", ...role, item.traceId ?? "", item.spanId ?? ""];
}
