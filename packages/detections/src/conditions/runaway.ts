import { type LedgerRecord, millisOf } from "@custody/model";
import { z } from "zod";
import { digestOf } from "../approvals.ts";
import { type Condition, condition, type Hit } from "../condition.ts";
import { hasFailed } from "../failure.ts";
import { isOf, timeOf } from "../record-order.ts";
import type { CallStory } from "../story.ts";

const count = z.int().positive();

/**
 * The session does more than its budget. `rate`: more calls in one window than allowed, once a window; `helpers`: more spawned helpers; `repeat`: one call with
 * one set of arguments failed again and again within a window, and did not succeed once; `tokens`: its model calls add up to more than a session may use.
 */
export const runaway: Condition = condition({
  cases: ["rate", "helpers", "repeat", "tokens"],
  inputs: ["tool_call", "inference"],
  parameters: z.strictObject({
    window_ms: count,
    calls_per_window_max: count,
    helpers_window_ms: count,
    helpers_per_window_max: count,
    /** Tools that are about helpers and begin none. */
    helpers_not_begun_by: z.array(z.string()),
    failing_window_ms: count,
    same_failing_calls_max: count,
    session_tokens_max: count,
  }),
  find: (story, limits) => {
    const { window_ms, helpers_window_ms, failing_window_ms } = limits;
    const quiet = new Set(limits.helpers_not_begun_by);
    const helpers = story.calls.filter((call) => isSpawn(call, quiet));
    return [
      ...bursts("rate", story.calls, window_ms, limits.calls_per_window_max),
      ...bursts("helpers", helpers, helpers_window_ms, limits.helpers_per_window_max),
      ...repeated(story.calls, failing_window_ms, limits.same_failing_calls_max),
      ...spent(story.of("inference"), limits.session_tokens_max),
    ];
  },
});

/** Calls come in order of their starts; the one that is too many names the window, and the next window begins after it. */
function bursts<C extends "rate" | "helpers">(
  name: C,
  calls: readonly CallStory[],
  windowMs: number,
  callsMax: number,
): readonly Hit<C>[] {
  const hits: Hit<C>[] = [];
  let from = 0;
  calls.forEach(({ anchor, startedAt, call }, index) => {
    const now = millisOf(startedAt);
    while (now - millisOf(calls[from]?.startedAt ?? startedAt) > windowMs) from++;
    if (index - from + 1 <= callsMax) return;
    hits.push({ case: name, at: timeOf(anchor), call, refs: [anchor.id] });
    from = index + 1;
  });
  return hits;
}

/** A call that began a helper: to wait for one, or to talk to it, begins none. */
function isSpawn({ status, anchor }: CallStory, quiet: ReadonlySet<string>): boolean {
  if (status === "denied" || status === "blocked") return false;
  if (!isOf(anchor, "tool_call") && !isOf(anchor, "decision")) return false;
  return anchor.body.kind === "agent" && !quiet.has(anchor.body.tool);
}

/** Said once of a row of failures: a success ends the row, and so does a pause of a whole window. */
function repeated(
  calls: readonly CallStory[],
  windowMs: number,
  failingMax: number,
): readonly Hit<"repeat">[] {
  const rows = new Map<
    string,
    { readonly failedAt: readonly number[]; readonly isTold: boolean }
  >();
  return calls.flatMap((call): readonly Hit<"repeat">[] => {
    const same = samenessOf(call);
    if (same === undefined) return [];
    if (!hasFailed(call)) {
      if (call.status === "executed") rows.delete(same);
      return [];
    }
    const now = millisOf(call.startedAt);
    const row = rows.get(same);
    const near = (row?.failedAt ?? []).filter((at) => now - at <= windowMs);
    const wasTold = near.length > 0 && row?.isTold === true;
    const isNew = !wasTold && near.length >= failingMax;
    const isTold = wasTold || isNew;
    // Of a row that was told only its last failure matters, so that no row grows longer than its limit.
    rows.set(same, { failedAt: isTold ? [now] : [...near, now], isTold });
    const { anchor } = call;
    const inferred = digestOf(call) === undefined ? { inferred: true as const } : {};
    return isNew
      ? [{ case: "repeat", at: timeOf(anchor), call: call.call, refs: [anchor.id], ...inferred }]
      : [];
  });
}

/** Tool and arguments; where those were withheld, the tool: that it never once succeeds is the same row. */
function samenessOf(call: CallStory): string | undefined {
  const tool = call.results.at(-1)?.body.tool;
  return digestOf(call) ?? (tool === undefined ? undefined : `tool ${tool}`);
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
