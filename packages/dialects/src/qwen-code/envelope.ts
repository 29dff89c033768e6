import {
  type AgentIdentity,
  type Fact,
  type LogView,
  type SpanView,
  timeFromText,
} from "@custody/model";
import { filled, firstFilled, listed } from "../attributes.ts";
import { present } from "../present.ts";
import { claims, common } from "./fields.ts";

/** What every fact of one log record or span shares. */
export type Envelope = Pick<
  Fact,
  "ts" | "end" | "session" | "turn" | "trace" | "parent" | "agent" | "claimed" | "attrs"
>;

export function logEnvelope(item: LogView): Envelope {
  const { attributes } = item;
  return present({
    ts: item.time ?? saidTime(item) ?? item.observedTime,
    session: filled(attributes, common.session) ?? filled(item.resource, common.session),
    turn: promptOf(filled(attributes, common.prompt)).turn,
    trace: item.traceId,
    parent: item.spanId,
    agent: agentOf(item, common.model),
    claimed: listed(attributes, claims),
  });
}

function saidTime({ attributes }: LogView): string | undefined {
  const said = attributes.text(common.time);
  return said === undefined ? undefined : timeFromText(said);
}

export function spanEnvelope(item: SpanView): Envelope {
  const { attributes } = item;
  const said =
    firstFilled(attributes, [common.session, common.conversation]) ??
    filled(item.resource, common.session);
  return present({
    ts: item.start,
    end: item.end,
    session: said ?? item.traceId,
    turn: promptOf(filled(attributes, common.promptOfSpan)).turn,
    trace: item.traceId,
    parent: item.parentSpanId,
    agent: agentOf(item, "gen_ai.request.model"),
    claimed: listed(attributes, claims),
    attrs: said === undefined ? { "session.source": "trace" } : undefined,
  });
}

function agentOf({ attributes, resource }: LogView | SpanView, model: string): AgentIdentity {
  return present({
    name: "qwen-code",
    version: filled(resource, "service.version"),
    model: filled(attributes, model),
  });
}

/** A prompt is `<session>########<n>`; the step of a sub-agent is `<session>#<agent and call>#<step>`. */
export function promptOf(id: string | undefined): {
  readonly turn: string | undefined;
  readonly agentPath: string | undefined;
} {
  const step = /^[^#]+#([^#]+)#\d{1,9}$/.exec(id ?? "");
  return step === null
    ? { turn: id, agentPath: undefined }
    : { turn: undefined, agentPath: step[1] };
}

/** Nothing numbers the events of a session; what happened in one millisecond is told apart by what it is about. */
export function eventKey(item: LogView, ...role: readonly string[]): readonly string[] {
  const { attributes } = item;
  return [
    ...role,
    filled(attributes, common.session) ?? item.resource.text(common.session) ?? "",
    attributes.text(common.time) ?? item.time ?? "",
  ];
}

export function spanKey(
  item: SpanView,
  role: string,
  ...more: readonly string[]
): readonly string[] {
  return ["span", role, item.traceId ?? "", item.spanId ?? "", ...more];
}
