import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { chatAnswer, chatChunks } from "./fake-model/chat.ts";
import { responseAnswer, responseEvents } from "./fake-model/response.ts";
import type { ModelError, ModelSpeech, ModelStep } from "./fake-model/step.ts";

export interface ModelCallRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface FakeModelServer {
  /** Base URL for the `openai` package, with `/v1`. */
  readonly url: string;
  /** Every request so far, in order. */
  readonly requests: readonly ModelCallRequest[];
  close(): Promise<void>;
}

/**
 * A model server on loopback that speaks the OpenAI API (chat completions and responses, streamed
 * or whole) and says, request by request, what its steps say. A request beyond the last step is a
 * 500, so that a loop that runs on is noticed.
 */
export async function createFakeModelServer(script: {
  readonly steps: readonly ModelStep[];
}): Promise<FakeModelServer> {
  const requests: ModelCallRequest[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const { method = "GET", url = "/", headers } = request;
      requests.push({ method, path: url, headers, body });
      const step = script.steps[requests.length - 1] ?? noStepLeft;
      return answer({ step, body, path: url, number: requests.length }, response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    close: () => closeServer(server),
  };
}

interface Turn {
  readonly step: ModelStep;
  readonly body: Readonly<Record<string, unknown>>;
  readonly path: string;
  /** Counts from one; answers carry it in their ids. */
  readonly number: number;
}

const noStepLeft: ModelStep = {
  error: { status: 500, code: "no_step_left", message: "the script has no step for this request" },
};

async function answer(turn: Turn, response: ServerResponse): Promise<void> {
  const { step, body, path } = turn;
  if ("hang" in step) return;
  if ("error" in step) {
    sendError(step.error, response);
    return;
  }
  const model = String(body["model"] ?? "fake-model");
  const speech = { step, model, number: turn.number, body };
  const chat = path.endsWith("/chat/completions");
  if (!chat && !path.endsWith("/responses")) {
    sendError({ status: 404, code: "unknown_path", message: `no ${path} here` }, response);
    return;
  }
  if (body["stream"] !== true) {
    sendJson(200, chat ? chatAnswer(speech) : responseAnswer(speech), response);
    return;
  }
  const frames = chat ? chatChunks(speech) : responseEvents(speech);
  await sendFrames(frames, step, response);
}

async function sendFrames(
  frames: readonly string[],
  step: ModelSpeech,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  for (const [index, frame] of frames.entries()) {
    if (index === step.cutAfterFrames) {
      response.destroy();
      return;
    }
    response.write(frame);
    // Frames are apart in time when a test asks for it: that is the point of a stream.
    if (step.frameDelayMs !== undefined) await delay(step.frameDelayMs);
  }
  response.end();
}

function sendError(error: ModelError, response: ServerResponse): void {
  const { status, code = "fake_error", message = "the script asked for this error" } = error;
  sendJson(status, { error: { message, type: "fake_error", param: null, code } }, response);
}

function sendJson(status: number, body: unknown, response: ServerResponse): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "x-request-id": "req_fake",
  });
  response.end(text);
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const parsed: unknown = text === "" ? {} : JSON.parse(text);
  return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
}

function delay(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((closed) => server.close(() => closed()));
}
