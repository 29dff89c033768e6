import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { anthropicMessages } from "./anthropic-messages.ts";
import { googleContents } from "./google-contents.ts";
import { openaiResponses } from "./openai-responses.ts";
import {
  type AnsweredCall,
  field,
  list,
  type ModelApi,
  type ScriptedAnswer,
  type ToldBack,
  type Usage,
} from "./script.ts";

/** One request that was answered, and what it told. */
interface Exchange {
  /** False for what an agent asks beside its conversation: titles, summaries, checks. */
  readonly main: boolean;
  readonly say: string | undefined;
  readonly calls: readonly AnsweredCall[];
  readonly usage: Usage;
}

export interface ModelServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** Every answer so far, in order: the truth that telemetry is held against. */
  readonly exchanges: readonly Exchange[];
  /** What came back for each call, told once. */
  readonly toldBack: ReadonlyMap<string, ToldBack>;
  close(): Promise<void>;
}

const apis: readonly ModelApi[] = [openaiResponses, anthropicMessages, googleContents];

/**
 * A model on loopback that plays a script to a real agent, over whichever API the agent speaks. A request that offers tools is the conversation
 * and gets the next answer; everything else is asked beside it and gets one word.
 */
export async function createModelServer(script: readonly ScriptedAnswer[]): Promise<ModelServer> {
  const exchanges: Exchange[] = [];
  const toldBack = new Map<string, ToldBack>();
  let played = 0;
  const answer = (api: ModelApi, path: string, body: unknown, response: ServerResponse): void => {
    for (const told of api.toldBack(body)) {
      if (!toldBack.has(told.call)) toldBack.set(told.call, told);
    }
    const main = list(field(body, "tools")).length > 0;
    const { say, calls = [] } = main ? (script[played++] ?? { say: "Done." }) : { say: "ok" };
    const number = exchanges.length + 1;
    const exchange: Exchange = {
      main,
      say,
      calls: calls.map((call, index) => ({ ...call, id: api.callId(number, index) })),
      usage: usageOf(number),
    };
    exchanges.push(exchange);
    const told = { ...exchange, number, model: modelOf(body, path) };
    if (api.wantsStream(body, path)) sendStream(api.stream(told), response);
    else sendJson(200, api.whole(told), response);
  };
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const path = (request.url ?? "/").split("?")[0] ?? "/";
      const api = apis.find((one) => one.path.test(path));
      if (api !== undefined) answer(api, path, body, response);
      else sendJson(...aside(path), response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    toldBack,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Different for each answer, so that no two sums agree by chance. */
function usageOf(number: number): Usage {
  return { input: 1000 + 7 * number, cached: 200 + number, output: 40 + 3 * number, reasoning: 8 };
}

function modelOf(body: unknown, path: string): string {
  const named = field(body, "model");
  return typeof named === "string" ? named : (/models\/([^:]+):/.exec(path)?.[1] ?? "model");
}

/** What agents ask a provider besides answers. */
function aside(path: string): readonly [number, object] {
  if (path.endsWith("/models")) return [200, { object: "list", data: [], models: [] }];
  if (path.endsWith("/count_tokens")) return [200, { input_tokens: 1000 }];
  if (path.endsWith(":countTokens")) return [200, { totalTokens: 1000 }];
  return [404, { error: { type: "not_found_error", message: "not played here" } }];
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const sent = Buffer.concat(chunks);
  const plain = request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
  try {
    return JSON.parse(plain.toString("utf8"));
  } catch {
    return undefined;
  }
}

function sendStream(frames: readonly string[], response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  for (const one of frames) response.write(one);
  response.end();
}

function sendJson(status: number, body: object, response: ServerResponse): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
