import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { workerData } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import { type FinalRequest, flushState, flushWords, reasonOffsetBytes } from "./final-flush.ts";
import { readTlsFiles } from "./quiet-agent.ts";

interface Errand {
  readonly request: FinalRequest;
  readonly memory: SharedArrayBuffer;
  readonly timeoutMs: number;
}

/** Posts one body and wakes the sleeping main thread with the outcome, whatever it is. */
function post({ request, memory, timeoutMs }: Errand): void {
  const words = new Int32Array(memory, 0, 3);
  const wake = (state: number): void => {
    Atomics.store(words, flushWords.state, state);
    Atomics.notify(words, flushWords.state);
  };
  const fail = (error: Error & { code?: unknown }): void => {
    const reason = typeof error.code === "string" ? error.code : error.message;
    const room = memory.byteLength - reasonOffsetBytes;
    const bytes = Buffer.from(reason).subarray(0, room);
    new Uint8Array(memory, reasonOffsetBytes).set(bytes);
    Atomics.store(words, flushWords.reasonBytes, bytes.length);
    wake(flushState.unreachable);
  };
  try {
    const url = new URL(request.url);
    const body = request.gzip ? gzipSync(request.body) : request.body;
    const encoding = request.gzip ? { "content-encoding": "gzip" } : {};
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const outgoing = send(
      url,
      {
        method: "POST",
        headers: { ...request.headers, ...encoding, "content-length": body.byteLength },
        timeout: timeoutMs,
        ...(url.protocol === "https:" ? readTlsFiles(request.tls) : {}),
      },
      (response) => {
        const status = response.statusCode ?? 0;
        Atomics.store(words, flushWords.status, status);
        response.resume();
        wake(status >= 200 && status < 300 ? flushState.sent : flushState.refused);
      },
    );
    outgoing.on("error", fail);
    outgoing.end(body);
  } catch (fault) {
    fail(fault instanceof Error ? fault : new Error(String(fault)));
  }
}

post(workerData as Errand);
