import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { normaliseItem } from "@custody/dialects";
import type { AnyFact, Drift, SignalView } from "@custody/model";
import { decodeAgentsTraces, decodeOtlp } from "@custody/otlp";
import { type CapturedAgent, capturesFolder } from "./captured-agents.ts";

export interface CapturedBody {
  /** `ingest`: the trace export of the OpenAI Agents SDK, which is no OTLP. */
  readonly signal: "traces" | "logs" | "metrics" | "ingest";
  readonly encoding: "protobuf" | "json";
  /** Inflated. */
  readonly bytes: Uint8Array;
  /** The same body as JSON by an independent decoder, where one was kept. */
  readonly decoded: Uint8Array | undefined;
  readonly userAgent?: string | undefined;
}

interface Listed {
  readonly signal: CapturedBody["signal"];
  readonly body: string;
  readonly bodyEncoding: CapturedBody["encoding"];
  readonly decoded: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export function capturedBodies(agent: CapturedAgent, scenario: string): readonly CapturedBody[] {
  const home = `${capturesFolder}/${agent}/${scenario}`;
  const read = (name: string): Uint8Array => {
    const stored = readFileSync(`${home}/${name}`);
    return new Uint8Array(name.endsWith(".gz") ? gunzipSync(stored) : stored);
  };
  const listed = JSON.parse(readFileSync(`${home}/requests.json`, "utf8")) as readonly Listed[];
  return listed.map((request) => ({
    signal: request.signal,
    encoding: request.bodyEncoding,
    bytes: read(request.body),
    decoded: request.decoded === null ? undefined : read(request.decoded),
    userAgent: request.headers?.["user-agent"],
  }));
}

export function itemsOf(body: CapturedBody): readonly SignalView[] {
  const { signal, encoding, bytes, userAgent } = body;
  const answer =
    signal === "ingest"
      ? decodeAgentsTraces(bytes, { userAgent })
      : decodeOtlp(signal, encoding, bytes);
  if (answer.outcome !== "ok") throw new Error(`${answer.reason} at ${answer.position}`);
  return answer.items;
}

export interface Named {
  readonly dialect: string;
  readonly fact: AnyFact;
}

export interface Told {
  readonly facts: readonly Named[];
  readonly noise: ReadonlyMap<string, number>;
  readonly drift: readonly Drift[];
}

/** Everything a list of items says, as the collector's normalise step would hear it. */
export function tell(items: Iterable<SignalView>): Told {
  const facts: Named[] = [];
  const noise = new Map<string, number>();
  const drift: Drift[] = [];
  for (const item of items) {
    const said: AnyFact[] = [];
    const dialect = normaliseItem(item, {
      fact: (fact) => said.push(fact),
      noise: (name) => noise.set(name, (noise.get(name) ?? 0) + 1),
      drift: (stray) => drift.push(stray),
    });
    facts.push(...said.map((fact) => ({ dialect, fact })));
  }
  return { facts, noise, drift };
}

/** All items of a capture in the order they arrived. */
export function capturedItems(agent: CapturedAgent, scenario: string): readonly SignalView[] {
  return capturedBodies(agent, scenario).flatMap((body) => itemsOf(body));
}
