import type { AgentIdentity, Fact, SpanView } from "@custody/model";
import { filled, firstFilled, listed } from "../attributes.ts";
import { present } from "../present.ts";
import { claims, names } from "./fields.ts";

/** What every fact of one span shares. */
export type Envelope = Pick<
  Fact,
  "ts" | "end" | "session" | "trace" | "parent" | "agent" | "claimed" | "attrs"
>;

/**
 * Where nothing names a conversation, the trace stands for it: one run of an agent is one trace then. `attrs` say so, since a trace id is
 * not a session id.
 */
export function envelopeOf(item: SpanView): Envelope {
  const { attributes } = item;
  const said = firstFilled(attributes, names.session);
  return present({
    ts: item.start,
    end: item.end,
    session: said ?? item.traceId,
    trace: item.traceId,
    parent: item.parentSpanId,
    agent: agentOf(item),
    claimed: listed(attributes, claims),
    attrs: said === undefined ? { "session.source": "trace" } : undefined,
  });
}

export function agentOf({ attributes, resource }: SpanView): AgentIdentity {
  return present({
    name: firstFilled(attributes, names.agentName) ?? filled(resource, "service.name") ?? "unknown",
    version: firstFilled(attributes, names.agentVersion) ?? filled(resource, "service.version"),
    model:
      firstFilled(attributes, names.responseModel) ?? firstFilled(attributes, names.requestModel),
  });
}

/** A span is its own identity; `role` tells the facts of one span apart. */
export function spanKey(item: SpanView, role: string): readonly string[] {
  return ["span", role, item.traceId ?? "", item.spanId ?? ""];
}
