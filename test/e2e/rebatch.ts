import type { CapturedAgent } from "../captures/captured-agents.ts";
import { type CapturedRequest, decodedBodies } from "./captures.ts";

type Json = Readonly<Record<string, unknown>>;

/** One item of a request in OTLP/JSON, with the resource and scope it stood under. */
export interface LooseItem {
  readonly signal: CapturedRequest["signal"];
  readonly resource: Json;
  readonly scope: Json;
  readonly item: Json;
}

const names = {
  traces: ["resourceSpans", "scopeSpans", "spans"],
  logs: ["resourceLogs", "scopeLogs", "logRecords"],
  metrics: ["resourceMetrics", "scopeMetrics", "metrics"],
} as const;

/** Takes the bodies of a capture apart, as an independent decoder wrote them down. */
export function looseItems(agent: CapturedAgent, scenario: string): readonly LooseItem[] {
  return decodedBodies(agent, scenario).flatMap(({ signal, json }) => {
    const request = json as Json;
    const [resources, scopes, items] = names[signal];
    return members(request, resources).flatMap((resource) =>
      members(resource, scopes).flatMap((scope) =>
        members(scope, items).map((item) => ({
          signal,
          resource: without(resource, scopes),
          scope: without(scope, items),
          item,
        })),
      ),
    );
  });
}

/** Items of one signal as one OTLP/JSON request, each under its own resource and scope. */
export function requestOf(items: readonly LooseItem[]): CapturedRequest {
  const signal = items[0]?.signal ?? "traces";
  const [resources, scopes, name] = names[signal];
  const entries = items.map(({ resource, scope, item }) => ({
    ...resource,
    [scopes]: [{ ...scope, [name]: [item] }],
  }));
  return {
    signal,
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify({ [resources]: entries })),
  };
}

/** Requests of one to `sizeMax` items of one signal each. */
export function batchesOf(
  items: readonly LooseItem[],
  sizeMax: number,
  random: (bound: number) => number,
): readonly CapturedRequest[] {
  const requests: CapturedRequest[] = [];
  for (const signal of ["traces", "logs", "metrics"] as const) {
    const own = items.filter((item) => item.signal === signal);
    for (let at = 0; at < own.length; ) {
      const size = 1 + random(sizeMax);
      requests.push(requestOf(own.slice(at, at + size)));
      at += size;
    }
  }
  return requests;
}

function members(parent: Json, name: string): readonly Json[] {
  return (parent[name] ?? []) as readonly Json[];
}

function without(parent: Json, name: string): Json {
  return Object.fromEntries(Object.entries(parent).filter(([key]) => key !== name));
}
