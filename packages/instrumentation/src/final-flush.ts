import { Worker } from "node:worker_threads";
import type { TlsFiles } from "./quiet-agent.ts";

/** One OTLP request, ready to send. */
export interface FinalRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly gzip: boolean;
  readonly tls: TlsFiles;
}

export type FinalVerdict =
  | { readonly outcome: "sent" }
  | { readonly outcome: "failed"; readonly reason: string };

/** Layout of the shared memory: the state word, the HTTP status, the length of the reason, the reason. */
export const flushState = { pending: 0, sent: 1, refused: 2, unreachable: 3 } as const;
export const flushWords = { state: 0, status: 1, reasonBytes: 2 } as const;
export const reasonOffsetBytes = 12;
const reasonBytesMax = 200;

/**
 * Sends while the process exits, when nothing asynchronous runs any more: a worker thread does the
 * request and this thread sleeps until it answers, at most `timeoutMs`. Never throws.
 */
export function sendWhileExiting(request: FinalRequest, timeoutMs: number): FinalVerdict {
  const memory = new SharedArrayBuffer(reasonOffsetBytes + reasonBytesMax);
  const words = new Int32Array(memory, 0, 3);
  try {
    const worker = new Worker(new URL("./final-flush-worker.js", import.meta.url), {
      workerData: { request, memory, timeoutMs },
      // The worker must not load the agent's own --import hooks, this one among them, a second time.
      execArgv: [],
      env: {},
      stdout: true,
      stderr: true,
    });
    worker.on("error", () => undefined);
    worker.unref();
  } catch (fault) {
    return { outcome: "failed", reason: fault instanceof Error ? fault.message : String(fault) };
  }
  Atomics.wait(words, flushWords.state, flushState.pending, timeoutMs);
  const state = Atomics.load(words, flushWords.state);
  if (state === flushState.sent) return { outcome: "sent" };
  if (state === flushState.refused) {
    return { outcome: "failed", reason: `HTTP ${Atomics.load(words, flushWords.status)}` };
  }
  if (state === flushState.pending) {
    return { outcome: "failed", reason: `no answer within ${timeoutMs} ms` };
  }
  const length = Atomics.load(words, flushWords.reasonBytes);
  const reason = Buffer.from(new Uint8Array(memory, reasonOffsetBytes, length)).toString("utf8");
  return { outcome: "failed", reason };
}
