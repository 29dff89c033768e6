import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type CapturedAgent, capturesFolder, writtenOf } from "../captures/captured-agents.ts";

/** One request as the real agent sent it. */
export interface CapturedRequest {
  readonly signal: "traces" | "logs" | "metrics";
  /** Where it goes, if not to the path of its signal. */
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Listed {
  /** `ingest`: the trace export of the OpenAI Agents SDK, which is no OTLP. */
  readonly signal: CapturedRequest["signal"] | "ingest";
  readonly body: string;
  readonly bodyEncoding: "protobuf" | "json";
  readonly decoded: string | null;
  readonly gzipOnTheWire: boolean;
  readonly gzipAtRestOnly: boolean;
  readonly transport: "http" | "grpc";
  readonly headers?: Readonly<Record<string, string>>;
}

/** Captures that name one conversation are told apart, so that they can stand in one ledger: bytes for as many bytes. */
function apart(agent: CapturedAgent, scenario: string, body: Buffer): Buffer {
  const { shared_session: sharedSession } = writtenOf(agent);
  if (sharedSession === undefined) return body;
  const own = `s-${hash("sha256", `${agent}/${scenario}`, "hex").slice(0, sharedSession.length - 2)}`;
  return Buffer.from(body.toString("latin1").replaceAll(sharedSession, own), "latin1");
}

function listedRequests(agent: CapturedAgent, scenario: string): readonly Listed[] {
  return JSON.parse(
    readFileSync(`${capturesFolder}/${agent}/${scenario}/requests.json`, "utf8"),
  ) as readonly Listed[];
}

/** Bodies in their own form: protobuf or JSON, gzip where it was gzip on the wire. gRPC bodies go as OTLP/HTTP protobuf. */
export function capturedRequests(
  agent: CapturedAgent,
  scenario: string,
): readonly CapturedRequest[] {
  const home = `${capturesFolder}/${agent}/${scenario}`;
  return listedRequests(agent, scenario).map((request) => {
    const stored = readFileSync(`${home}/${request.body}`);
    return {
      ...(request.signal === "ingest"
        ? { signal: "traces" as const, path: "/v1/traces/ingest" }
        : { signal: request.signal }),
      body: apart(agent, scenario, request.gzipAtRestOnly ? gunzipSync(stored) : stored),
      headers: {
        "content-type":
          request.bodyEncoding === "json" ? "application/json" : "application/x-protobuf",
        ...(request.gzipOnTheWire ? { "content-encoding": "gzip" } : {}),
        // The only place where that SDK names its release.
        ...(request.signal === "ingest"
          ? { "user-agent": request.headers?.["user-agent"] ?? "" }
          : {}),
      },
    };
  });
}

/** The bodies that the agent really sent over gRPC. */
export function overGrpc(agent: CapturedAgent, scenario: string): readonly CapturedRequest[] {
  const listed = listedRequests(agent, scenario);
  return capturedRequests(agent, scenario).filter((_, at) => listed[at]?.transport === "grpc");
}

/** Sends one body; answers the status. */
export async function send(otlp: string, request: CapturedRequest, key?: string): Promise<number> {
  const response = await fetch(`${otlp}${request.path ?? `/v1/${request.signal}`}`, {
    method: "POST",
    headers: {
      ...request.headers,
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    body: new Uint8Array(request.body),
  });
  await response.arrayBuffer();
  return response.status;
}

/** The bodies of a capture that an independent decoder made OTLP/JSON of: all but some metrics. */
export function decodedBodies(
  agent: CapturedAgent,
  scenario: string,
): readonly { readonly signal: CapturedRequest["signal"]; readonly json: unknown }[] {
  return listedRequests(agent, scenario).flatMap(({ signal, decoded }) => {
    if (decoded === null || signal === "ingest") return [];
    const stored = readFileSync(`${capturesFolder}/${agent}/${scenario}/${decoded}`);
    const bytes = apart(agent, scenario, decoded.endsWith(".gz") ? gunzipSync(stored) : stored);
    return [{ signal, json: JSON.parse(bytes.toString()) }];
  });
}

/**
 * Whether a captured body names this session: as text byte for byte, in both encodings; where a trace stands in for a conversation that has no
 * name, as its id.
 */
export function namesSession(agent: CapturedAgent, scenario: string): (id: string) => boolean {
  const wire = capturedRequests(agent, scenario).map(({ headers, body }) =>
    headers["content-encoding"] === "gzip" ? gunzipSync(body) : body,
  );
  return (id) => {
    const forms = /^[0-9a-f]{32}$/.test(id) ? [id, Buffer.from(id, "hex")] : [id];
    return wire.some((body) => forms.some((form) => body.includes(form)));
  };
}

interface Meta {
  readonly packages: Readonly<Record<string, string>>;
  readonly groundTruth: { readonly llm: readonly Exchange[] };
}

/** One request to the model server that the captured agent talked to, with what it was answered. */
interface Exchange {
  readonly answered?: {
    readonly tools?: readonly { readonly args?: Readonly<Record<string, unknown>> }[];
  };
  readonly toolResultsReceived?: readonly { readonly callId: string }[];
}

function metaOf(agent: CapturedAgent, scenario: string): Meta {
  return JSON.parse(
    readFileSync(`${capturesFolder}/${agent}/${scenario}/meta.json`, "utf8"),
  ) as Meta;
}

/** The release that really ran. */
export function packageVersion(agent: CapturedAgent, scenario: string): string | undefined {
  return Object.values(metaOf(agent, scenario).packages)[0];
}

export interface ChosenCommand {
  readonly call: string;
  readonly command: string;
}

/** The shell commands the model answered with, by the call id under which the agent reported back; only where one answer was open at a time. */
export function chosenCommands(agent: CapturedAgent, scenario: string): readonly ChosenCommand[] {
  const chosen: ChosenCommand[] = [];
  let open: readonly (string | undefined)[] = [];
  for (const { answered, toolResultsReceived } of metaOf(agent, scenario).groundTruth.llm) {
    const [command] = open;
    const [received] = toolResultsReceived ?? [];
    if (received !== undefined) {
      if (open.length === 1 && command !== undefined && toolResultsReceived?.length === 1) {
        chosen.push({ call: received.callId, command });
      }
      open = [];
    }
    const said = (answered?.tools ?? []).map(({ args }) => args?.["cmd"] ?? args?.["command"]);
    open = [...open, ...said.map((text) => (typeof text === "string" ? text : undefined))];
  }
  return chosen;
}
