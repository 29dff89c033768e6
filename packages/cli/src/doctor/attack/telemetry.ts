import { hash } from "node:crypto";
import type { Saying, Scene } from "./attempt.ts";

type Said = Readonly<Record<string, string | number | boolean>>;

/** The service that every attempt names, so that whoever finds one knows whose it is. */
const service = "custody-doctor";

/** One span of our own instrumentation's form. `identity` names the span: the same one twice is one record told twice. */
export function span(
  scene: Scene,
  {
    kind,
    identity,
    said = {},
    resource = {},
    at = scene.at,
    as = "attacker",
  }: {
    readonly kind: string;
    readonly identity: string;
    readonly said?: Said;
    readonly resource?: Said;
    readonly at?: number;
    readonly as?: Saying["as"];
  },
): Saying {
  const time = nanoseconds(at);
  const attributes = attributesOf({
    "custody.span.kind": kind,
    "custody.session.id": scene.session,
    "custody.call.id": scene.call,
    ...said,
  });
  const spans = [
    {
      traceId: scene.trace,
      spanId: hash("sha256", `${scene.trace}/${identity}`, "hex").slice(0, 16),
      name: `doctor-attack ${kind}`,
      startTimeUnixNano: time,
      endTimeUnixNano: time,
      attributes,
    },
  ];
  return saying("/v1/traces", as, {
    resourceSpans: [{ resource: resourceOf(resource), scopeSpans: [{ spans }] }],
  });
}

/** One log record in the words of Codex, whose own proxy and sandbox report over the agent's connection. */
export function codexLog(scene: Scene, event: string, said: Said): Saying {
  const logRecords = [
    {
      timeUnixNano: nanoseconds(scene.at),
      traceId: scene.trace,
      attributes: attributesOf({
        "event.name": event,
        "event.timestamp": new Date(scene.at).toISOString(),
        "conversation.id": scene.session,
        ...said,
      }),
    },
  ];
  const scope = { name: "codex_otel" };
  return saying("/v1/logs", "attacker", {
    resourceLogs: [{ resource: resourceOf({}), scopeLogs: [{ scope, logRecords }] }],
  });
}

function saying(path: string, as: Saying["as"], body: unknown): Saying {
  return { to: "collector", method: "POST", path, body, as };
}

const resourceOf = (said: Said): unknown => ({
  attributes: attributesOf({ "service.name": service, ...said }),
});

const nanoseconds = (ms: number): string => `${ms}000000`;

function attributesOf(said: Said): readonly unknown[] {
  return Object.entries(said).map(([key, value]) => ({ key, value: wrapped(value) }));
}

function wrapped(value: string | number | boolean): unknown {
  if (typeof value === "string") return { stringValue: value };
  return typeof value === "boolean" ? { boolValue: value } : { intValue: String(value) };
}
