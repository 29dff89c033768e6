import type { AgentIdentity, Fact, LogView, SpanView } from "@custody/model";
import { filled, firstFilled, listed } from "../attributes.ts";
import { present } from "../present.ts";
import { claims, names } from "./fields.ts";

/** What every fact of one span or log record shares. */
export type Envelope = Pick<
  Fact,
  "ts" | "end" | "session" | "trace" | "parent" | "agent" | "claimed" | "attrs"
>;

/**
 * Most spans of opencode have no attributes at all: there the trace stands for the session, and `attrs` say so. One trace is one request to
 * opencode's server, so it holds a turn with all its sub-agents, which have sessions of their own.
 */
export function spanEnvelope(item: SpanView): Envelope {
  const said = firstFilled(item.attributes, names.session);
  return present({
    ts: item.start,
    end: item.end,
    session: said ?? item.traceId,
    trace: item.traceId,
    parent: item.parentSpanId,
    agent: agentOf(item),
    claimed: listed(item.attributes, claims),
    attrs: said === undefined ? { "session.source": "trace" } : undefined,
  });
}

/** `said` is the session that the record's text names. */
export function logEnvelope(item: LogView, said: string | undefined): Envelope {
  return present({
    ts: item.time ?? item.observedTime,
    session: said ?? item.traceId,
    trace: item.traceId,
    parent: item.spanId,
    agent: agentOf(item),
    attrs:
      said === undefined && item.traceId !== undefined ? { "session.source": "trace" } : undefined,
  });
}

function agentOf({ attributes, resource }: SpanView | LogView): AgentIdentity {
  return present({
    name: "opencode",
    version: filled(resource, "service.version"),
    model:
      firstFilled(attributes, names.responseModel) ?? firstFilled(attributes, names.requestModel),
  });
}

/** A span is its own identity; `role` tells the facts of one span apart. */
export function spanKey(item: SpanView, ...role: readonly string[]): readonly string[] {
  return ["span", ...role, item.traceId ?? "", item.spanId ?? ""];
}

/** A log record has no identity but where, when and what it says. */
export function logKey(item: LogView, role: string, text: string): readonly string[] {
  return [
    "log",
    role,
    item.traceId ?? "",
    item.spanId ?? "",
    item.time ?? item.observedTime ?? "",
    text,
  ];
}
