import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const folder = fileURLToPath(new URL("../fixtures/captures", import.meta.url));

/** One request as the real agent sent it. */
export interface CapturedRequest {
  readonly signal: "traces" | "logs" | "metrics";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Listed {
  readonly signal: CapturedRequest["signal"];
  readonly body: string;
  readonly bodyEncoding: "protobuf" | "json";
  readonly gzipOnTheWire: boolean;
  readonly gzipAtRestOnly: boolean;
}

export const capturedAgents = ["codex", "claude-code"] as const;
export type CapturedAgent = (typeof capturedAgents)[number];

export function scenarios(agent: CapturedAgent): readonly string[] {
  return readdirSync(`${folder}/${agent}`)
    .filter((name) => existsSync(`${folder}/${agent}/${name}/requests.json`))
    .sort();
}

/** Bodies in their own form: protobuf or JSON, gzip where it was gzip on the wire. gRPC bodies go as OTLP/HTTP protobuf. */
export function capturedRequests(
  agent: CapturedAgent,
  scenario: string,
): readonly CapturedRequest[] {
  const home = `${folder}/${agent}/${scenario}`;
  const listed = JSON.parse(readFileSync(`${home}/requests.json`, "utf8")) as readonly Listed[];
  return listed.map((request) => {
    const stored = readFileSync(`${home}/${request.body}`);
    return {
      signal: request.signal,
      body: request.gzipAtRestOnly ? gunzipSync(stored) : stored,
      headers: {
        "content-type":
          request.bodyEncoding === "json" ? "application/json" : "application/x-protobuf",
        ...(request.gzipOnTheWire ? { "content-encoding": "gzip" } : {}),
      },
    };
  });
}

/** Sends one body; answers the status. */
export async function send(otlp: string, request: CapturedRequest, key?: string): Promise<number> {
  const response = await fetch(`${otlp}/v1/${request.signal}`, {
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
