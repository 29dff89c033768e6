import { workerData } from "node:worker_threads";
import { type FinalErrand, verdictOffsetBytes } from "./final-flush.ts";
import { type PostVerdict, unreachable } from "./http-answer.ts";
import { postOnce } from "./otlp-post.ts";
import { createAgent } from "./quiet-agent.ts";

/** Posts once and wakes the sleeping main thread with the verdict, whatever it is. */
async function runErrand({ request, tls, timeoutMs, memory }: FinalErrand): Promise<void> {
  let verdict: PostVerdict;
  try {
    verdict = await postOnce(request, createAgent(request.url, tls), timeoutMs);
  } catch (fault) {
    // A certificate file that cannot be read.
    verdict = unreachable(fault);
  }
  const brief = verdict.outcome === "taken" ? { ...verdict, answer: "" } : verdict;
  const bytes = Buffer.from(JSON.stringify(brief));
  const room = new Uint8Array(memory, verdictOffsetBytes);
  // A reason too long for the memory is dropped rather than cut in the middle of its JSON.
  const fitting =
    bytes.length <= room.length ? bytes : Buffer.from('{"outcome":"unreachable","reason":"fault"}');
  room.set(fitting);
  const length = new Int32Array(memory, 0, 1);
  Atomics.store(length, 0, fitting.length);
  Atomics.notify(length, 0);
}

await runErrand(workerData as FinalErrand);
