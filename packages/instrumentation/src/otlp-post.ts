import { type Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { gzipSync } from "node:zlib";

/** One OTLP request, ready to send; it may cross to another thread. */
export interface OtlpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly gzip: boolean;
}

export type PostVerdict =
  | { readonly outcome: "taken"; readonly answer: string }
  | {
      readonly outcome: "refused";
      readonly status: number;
      readonly retryAfterMs: number | undefined;
    }
  | { readonly outcome: "unreachable"; readonly reason: string };

const answerCharsMax = 65_536;

/** Posts once. Always resolves, at the latest after `timeoutMs`; its timer keeps nothing alive. */
export function postOnce(
  request: OtlpRequest,
  agent: Agent,
  timeoutMs: number,
): Promise<PostVerdict> {
  return new Promise((resolve) => {
    const fail = (error: Error & { code?: unknown }): void => {
      const reason = typeof error.code === "string" ? error.code : error.message;
      resolve({ outcome: "unreachable", reason });
    };
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
      fail(fault instanceof Error ? fault : new Error(String(fault)));
    }
  });
}

async function readAnswer(response: IncomingMessage): Promise<PostVerdict> {
  let answer = "";
  response.setEncoding("utf8");
  for await (const chunk of response) {
    if (answer.length < answerCharsMax) answer += String(chunk);
  }
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return { outcome: "taken", answer };
  const seconds = Number(response.headers["retry-after"]);
  const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined;
  return { outcome: "refused", status, retryAfterMs };
}
