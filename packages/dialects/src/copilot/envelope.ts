import type { AgentIdentity, Fact, LogView, SpanView } from "@custody/model";
import { filled, firstFilled, listed } from "../attributes.ts";
import { present } from "../present.ts";
import { isCopilotChat } from "./detect.ts";
import { claims, names, resourceClaims } from "./fields.ts";

/** What every fact of one span or log record shares. */
export type Envelope = Pick<
  Fact,
  "ts" | "end" | "session" | "turn" | "trace" | "parent" | "agent" | "claimed" | "attrs"
>;

/** Where nothing names a conversation, the trace stands for it; `attrs` say so, since a trace id is not a session id. */
export function spanEnvelope(item: SpanView): Envelope {
  const said = firstFilled(item.attributes, names.session);
  return present({
    ts: item.start,
    end: item.end,
    session: said ?? item.traceId,
    turn: firstFilled(item.attributes, names.interaction),
    trace: item.traceId,
    parent: item.parentSpanId,
    agent: agentOf(item),
    claimed: claimedBy(item),
    attrs: said === undefined ? { "session.source": "trace" } : undefined,
  });
}

export function logEnvelope(item: LogView): Envelope {
  const { attributes } = item;
  const said =
    firstFilled(attributes, names.session) ??
    filled(attributes, "session.id") ??
    filled(attributes, "conversation_id");
  return present({
    ts: item.time ?? item.observedTime,
    session: said ?? item.traceId,
    trace: item.traceId,
    parent: item.spanId,
    agent: agentOf(item),
    claimed: claimedBy(item),
    attrs:
      said === undefined && item.traceId !== undefined ? { "session.source": "trace" } : undefined,
  });
}

function agentOf(item: SpanView | LogView): AgentIdentity {
  const { attributes, resource } = item;
  return present({
    name: isCopilotChat(item) ? "copilot-chat" : "copilot",
    version: filled(resource, "service.version") ?? filled(attributes, "gen_ai.agent.version"),
    model:
      firstFilled(attributes, names.responseModel) ?? firstFilled(attributes, names.requestModel),
  });
}

function claimedBy({ attributes, resource }: SpanView | LogView): Envelope["claimed"] {
  const own = listed(attributes, claims);
  const ofHost = listed(resource, resourceClaims);
  return own === undefined && ofHost === undefined ? undefined : { ...ofHost, ...own };
}

/** A span is its own identity; `role` tells the facts of one span apart. */
export function spanKey(item: SpanView, ...role: readonly string[]): readonly string[] {
  return ["span", ...role, item.traceId ?? "", item.spanId ?? ""];
}
