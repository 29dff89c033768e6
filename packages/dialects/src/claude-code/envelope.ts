import {
  type AgentIdentity,
  type Fact,
  type LogView,
  type SpanView,
  timeFromText,
} from "@custody/model";
import { filled, listed } from "../attributes.ts";
import { present } from "../present.ts";
import { claims, common } from "./fields.ts";

/** What every fact of one log record or span shares. */
export type Envelope = Pick<
  Fact,
  "ts" | "end" | "session" | "turn" | "trace" | "parent" | "agent" | "claimed" | "seq"
>;

export function logEnvelope(item: LogView): Envelope {
  const { attributes } = item;
  const session = filled(attributes, common.session);
  const n = attributes.integer(common.sequence);
  const said = attributes.text(common.time);
  return present({
    ts: item.time ?? (said === undefined ? undefined : timeFromText(said)) ?? item.observedTime,
    session,
    turn: filled(attributes, common.prompt),
    trace: item.traceId,
    parent: item.spanId,
    agent: agentOf(item),
    claimed: claimedBy(item),
    // The numbers begin again in every process, and nothing names the process (agent-telemetry 2.2).
    seq:
      session === undefined || n === undefined || n < 0 ? undefined : { id: session, epoch: "", n },
  });
}

export function spanEnvelope(item: SpanView): Envelope {
  return present({
    ts: item.start,
    end: item.end,
    session: filled(item.attributes, common.session),
    trace: item.traceId,
    parent: item.parentSpanId,
    agent: agentOf(item),
    claimed: claimedBy(item),
  });
}

function agentOf({ attributes, resource }: LogView | SpanView): AgentIdentity {
  return present({
    name: "claude-code",
    version: filled(attributes, common.version) ?? resource.text("service.version"),
    model: filled(attributes, common.model),
  });
}

function claimedBy({
  attributes,
}: LogView | SpanView): Readonly<Record<string, string>> | undefined {
  return listed(attributes, claims);
}

/** Number and time of an event tell it from every other of its session, in every process that took part in it. */
export function eventKey(item: LogView, ...role: readonly string[]): readonly string[] {
  const { attributes } = item;
  return [
    ...role,
    attributes.text(common.session) ?? "",
    attributes.text(common.sequence) ?? "",
    attributes.text(common.time) ?? item.time ?? "",
  ];
}

export function spanKey(item: SpanView, role: string): readonly string[] {
  return ["span", role, item.traceId ?? "", item.spanId ?? ""];
}
