import { type Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { gzipSync } from "node:zlib";
import { headOf, keepAnswer, type PostVerdict, unreachable, verdictOf } from "./http-answer.ts";

/** One OTLP request, ready to send from another thread. */
export interface OtlpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly gzip: boolean;
}

/**
 * Posts once, from the worker of the final flush: it has no time to load an exporter. Always
 * resolves, at the latest after `timeoutMs`; its timer keeps nothing alive.
 */
export function postOnce(
  request: OtlpRequest,
  agent: Agent,
  timeoutMs: number,
): Promise<PostVerdict> {
  return new Promise((resolve) => {
    const fail = (fault: unknown): void => resolve(unreachable(fault));
    try {
      const url = new URL(request.url);
      const body = request.gzip ? gzipSync(request.body) : request.body;
      const encoding = request.gzip ? { "content-encoding": "gzip" } : {};
      const headers = { ...request.headers, ...encoding, "content-length": body.byteLength };
      const send = url.protocol === "https:" ? httpsRequest : httpRequest;
      const outgoing = send(url, { method: "POST", headers, agent }, (response) => {
        void readAnswer(response).then(resolve, fail);
      });
      const limit = setTimeout(() => {
        outgoing.destroy(new Error(`no answer within ${Math.round(timeoutMs)} ms`));
      }, timeoutMs);
      limit.unref();
      outgoing.on("error", fail);
      outgoing.on("close", () => clearTimeout(limit));
      outgoing.end(body);
    } catch (fault) {
      fail(fault);
    }
  });
}

async function readAnswer(response: IncomingMessage): Promise<PostVerdict> {
  let text = "";
  response.setEncoding("utf8");
  for await (const chunk of response) text = keepAnswer(text, chunk);
  return verdictOf({ ...headOf(response), text });
}
