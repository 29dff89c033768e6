import { type AgentIdentity, type LogView, timeFromText } from "@custody/model";
import { present } from "../present.ts";
import { claims, common, resourceClaims } from "./fields.ts";

/** What every fact of one log record shares. */
export interface LogEnvelope {
  readonly ts?: string;
  readonly session?: string;
  readonly trace?: string;
  readonly parent?: string;
  readonly agent: AgentIdentity;
  readonly claimed?: Readonly<Record<string, string>>;
}

/**
 * Codex leaves the record's own time at 0 and says it in `event.timestamp` (agent-telemetry 15.3). The record's span is the one it was
 * written under, so it is the parent of the fact, never the fact's own.
 */
export function logEnvelope(item: LogView): LogEnvelope {
  const { attributes } = item;
  return present({
    ts: eventTime(item),
    session: attributes.text(common.conversation),
    trace: item.traceId,
    parent: item.spanId,
    agent: agentOf(item),
    claimed: claimedBy(item),
  });
}

function eventTime(item: LogView): string | undefined {
  const said = item.attributes.text(common.time);
  return (said === undefined ? undefined : timeFromText(said)) ?? item.time ?? item.observedTime;
}

function agentOf(item: LogView): AgentIdentity {
  const { attributes, resource } = item;
  return present({
    name: "codex",
    version: attributes.text(common.version) ?? resource.text("service.version"),
    model: attributes.text(common.model),
  });
}

function claimedBy({ attributes, resource }: LogView): Record<string, string> | undefined {
  const claimed: Record<string, string> = {};
  for (const name of claims) {
    const text = attributes.text(name);
    if (text !== undefined && text !== "") claimed[name] = text;
  }
  for (const name of resourceClaims) {
    const text = resource.text(name);
    if (text !== undefined && text !== "") claimed[name] = text;
  }
  return Object.keys(claimed).length === 0 ? undefined : claimed;
}

/** Part of a key: the time as the source wrote it, which survives every way a record can be carried. */
export function keyTime(item: LogView): string {
  return item.attributes.text(common.time) ?? item.observedTime ?? item.time ?? "";
}
