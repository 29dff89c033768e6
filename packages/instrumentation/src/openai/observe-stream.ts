import { errorTypeOf } from "../error-type.ts";
import type { ModelApi } from "../exchange.ts";
import type { Guard } from "../guard.ts";
import { fieldsOf } from "../shape.ts";
import type { Inference } from "../traffic.ts";

type Step = IteratorResult<unknown>;
type Advance = (...args: unknown[]) => Promise<Step>;

/**
 * Watches the chunks of a `Stream` of the `openai` package as the agent reads them, never ahead of
 * it. The stream stays the same object; only the iterator it hands out is watched, so `tee()`,
 * `toReadableStream()` and `for await` all pass here. Says whether `body` was such a stream.
 */
export function observeStream(
  body: unknown,
  api: ModelApi,
  inference: Inference,
  guard: Guard,
): boolean {
  const stream = fieldsOf(body) as Record<string, unknown> | undefined;
  const iterate = stream?.["iterator"];
  if (stream === undefined || typeof iterate !== "function") return false;
  stream["iterator"] = (...args: unknown[]) => {
    const chunks: unknown = iterate.apply(stream, args);
    guard(() => observeChunks(chunks, api, inference, guard));
    return chunks;
  };
  return true;
}

function observeChunks(chunks: unknown, api: ModelApi, inference: Inference, guard: Guard): void {
  const iterator = fieldsOf(chunks) as Record<string, unknown> | undefined;
  const next = iterator?.["next"];
  if (iterator === undefined || typeof next !== "function") return;
  const reader = api.reader();
  const finish = (): void => {
    guard(() => inference.finish(reader.answer()));
  };
  const seen = (step: Step): void => {
    if (step.done === true) {
      finish();
      return;
    }
    guard(() => {
      inference.firstChunk();
      reader.take(step.value);
      const answer = reader.answer();
      if (answer.calls.length > 0) inference.progress(answer);
    });
  };
  iterator["next"] = watched(next.bind(chunks) as Advance, seen, inference, guard);
  for (const name of ["return", "throw"] as const) {
    const original = iterator[name];
    if (typeof original !== "function") continue;
    // The agent left the loop early: what was read until then is the answer.
    iterator[name] = (...args: unknown[]) => {
      finish();
      return original.apply(chunks, args) as unknown;
    };
  }
}

function watched(
  advance: Advance,
  seen: (step: Step) => void,
  inference: Inference,
  guard: Guard,
): Advance {
  return (...args) =>
    advance(...args).then(
      (step) => {
        seen(step);
        return step;
      },
      (reason: unknown) => {
        guard(() => inference.fail(errorTypeOf(reason)));
        throw reason;
      },
    );
}
