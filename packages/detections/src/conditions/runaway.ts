import { type LedgerRecord, millisOf } from "@custody/model";
import { z } from "zod";
import { digestOf } from "../approvals.ts";
import { type Condition, condition, type Hit } from "../condition.ts";
import { timeOf } from "../record-order.ts";
import type { CallStory } from "../story.ts";

const count = z.int().positive();

/**
 * The session does more than its budget. `rate`: more calls in one window than allowed, once a window; `repeat`: one call with one set of
 * arguments failed again and again; `tokens`: its model calls add up to more than a session may use.
 */
export const runaway: Condition = condition({
  cases: ["rate", "repeat", "tokens"],
  inputs: ["tool_call", "inference"],
  parameters: z.strictObject({
    window_ms: count,
    calls_per_window_max: count,
    same_failing_calls_max: count,
    session_tokens_max: count,
  }),
  find: (
    story,
    { window_ms, calls_per_window_max, same_failing_calls_max, session_tokens_max },
  ) => [
    ...bursts(story.calls, window_ms, calls_per_window_max),
    ...repeated(story.calls, same_failing_calls_max),
    ...spent(story.of("inference"), session_tokens_max),
  ],
});

/** Calls come in order of their starts; the one that is too many names the window, and the next window begins after it. */
function bursts(
  calls: readonly CallStory[],
  windowMs: number,
  callsMax: number,
): readonly Hit<"rate">[] {
  const hits: Hit<"rate">[] = [];
  let from = 0;
  calls.forEach(({ anchor, startedAt, call }, index) => {
    const now = millisOf(startedAt);
    while (now - millisOf(calls[from]?.startedAt ?? startedAt) > windowMs) from++;
    if (index - from + 1 <= callsMax) return;
    hits.push({ case: "rate", at: timeOf(anchor), call, refs: [anchor.id] });
    from = index + 1;
  });
  return hits;
}

function repeated(calls: readonly CallStory[], failingMax: number): readonly Hit<"repeat">[] {
  const failures = new Map<string, number>();
  return calls.flatMap((call): readonly Hit<"repeat">[] => {
    const same = digestOf(call);
    if (same === undefined || !hasFailed(call)) return [];
    const times = (failures.get(same) ?? 0) + 1;
    failures.set(same, times);
    const { anchor } = call;
    return times === failingMax + 1
      ? [{ case: "repeat", at: timeOf(anchor), call: call.call, refs: [anchor.id] }]
      : [];
  });
}

function hasFailed({ status, results }: CallStory): boolean {
  return status === "error" || results.at(-1)?.body.success === false;
}

/** Only the one record of each response that its dialect counts; of two claims under one id the first in order. */
function spent(
  inferences: readonly LedgerRecord<"inference">[],
  tokensMax: number,
): readonly Hit<"tokens">[] {
  const seen = new Set<string>();
  let tokens = 0;
  for (const record of inferences) {
    const { primary, input_tokens = 0, output_tokens = 0 } = record.body;
    if (!primary || seen.has(record.id)) continue;
    seen.add(record.id);
    tokens += input_tokens + output_tokens;
    if (tokens > tokensMax) return [{ case: "tokens", at: timeOf(record), refs: [record.id] }];
  }
  return [];
}
