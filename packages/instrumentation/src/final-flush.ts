import { Worker } from "node:worker_threads";
import { type PostVerdict, unreachable } from "./http-answer.ts";
import type { OtlpRequest } from "./otlp-post.ts";
import type { TlsFiles } from "./quiet-agent.ts";

/** What the worker thread is given. */
export interface FinalErrand {
  readonly request: OtlpRequest;
  readonly tls: TlsFiles;
  readonly timeoutMs: number;
  readonly memory: SharedArrayBuffer;
}

/** Layout of the shared memory: how many bytes of verdict there are (zero: none yet), then its JSON. */
export const verdictOffsetBytes = 4;
const memoryBytes = 4_096;

/**
 * Posts while the process exits, when nothing asynchronous runs any more: a worker thread does the
 * request and this thread sleeps until it answers, at most `timeoutMs`. Never throws.
 */
export function postWhileExiting(
  request: OtlpRequest,
  tls: TlsFiles,
  timeoutMs: number,
): PostVerdict {
  const memory = new SharedArrayBuffer(memoryBytes);
  const length = new Int32Array(memory, 0, 1);
  try {
    const workerData: FinalErrand = { request, tls, timeoutMs, memory };
    // The worker must not load the agent's own --import hooks, this one among them, a second time.
    const worker = new Worker(new URL("./final-flush-worker.js", import.meta.url), {
      workerData,
      execArgv: [],
      env: {},
      stdout: true,
      stderr: true,
    });
    worker.on("error", () => undefined);
    worker.unref();
  } catch (fault) {
    return unreachable(fault);
  }
  Atomics.wait(length, 0, 0, timeoutMs);
  const bytes = Atomics.load(length, 0);
  if (bytes === 0) {
    return { outcome: "unreachable", reason: `no answer within ${Math.round(timeoutMs)} ms` };
  }
  const verdict = Buffer.from(new Uint8Array(memory, verdictOffsetBytes, bytes)).toString("utf8");
  return JSON.parse(verdict) as PostVerdict;
}
