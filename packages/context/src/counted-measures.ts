import type { LedgerRecord, PlacedRecord, TallyMeasure } from "@custody/model";
import { distinctById, ofClass, primaryOf } from "./record-order.ts";
import { countedInferences, sessionCounts } from "./session-counts.ts";

/** What the records of a session count, by the measures that metrics have. A measure that none of them tells is absent. */
export type Counted = Readonly<Partial<Record<TallyMeasure, number>>>;

/** Tools whose verdicts some sources count apart from all others. */
const editTools: ReadonlySet<string> = new Set(["Edit", "MultiEdit", "Write", "NotebookEdit"]);

type Calls = ReadonlyMap<string, readonly PlacedRecord[]>;

export function countedMeasures(placed: readonly PlacedRecord[], calls: Calls): Counted {
  const own = distinctById(placed);
  const counts = sessionCounts(own, calls);
  const told = own.some(
    ({ record }) => record.class === "tool_call" || record.class === "decision",
  );
  return {
    ...tokens(countedInferences(own)),
    ...(counts.inferences > 0 ? { inferences: counts.inferences } : {}),
    ...(told
      ? {
          tool_calls: counts.tool_calls,
          tool_calls_failed: callsWith(calls, hasFailed),
          edit_verdicts: callsWith(calls, hasEditVerdict),
        }
      : {}),
    ...(counts.turns > 0 ? { turns: counts.turns } : {}),
    ...startsOf(own),
  };
}

/** Of several sessions. A session that does not tell a measure had nothing to tell of it. */
export function countedTogether(all: readonly Counted[]): Counted {
  const sums: Partial<Record<TallyMeasure, number>> = {};
  for (const counted of all) {
    for (const [measure, value] of Object.entries(counted) as [TallyMeasure, number][]) {
      sums[measure] = (sums[measure] ?? 0) + value;
    }
  }
  return sums;
}

const tokenMembers = {
  input_tokens: "input_tokens",
  cached_input_tokens: "cached_input_tokens",
  cache_write_tokens: "cache_write_tokens",
  output_tokens: "output_tokens",
  reasoning_tokens: "reasoning_tokens",
  cost_usd_micros: "cost_usd_micros",
} as const satisfies Partial<Record<TallyMeasure, keyof LedgerRecord<"inference">["body"]>>;

function tokens(inferences: readonly LedgerRecord<"inference">[]): Counted {
  const sums: Partial<Record<TallyMeasure, number>> = {};
  for (const measure of Object.keys(tokenMembers) as (keyof typeof tokenMembers)[]) {
    for (const { body } of inferences) {
      const value = body[tokenMembers[measure]];
      if (value !== undefined) sums[measure] = (sums[measure] ?? 0) + value;
    }
  }
  return sums;
}

function startsOf(own: readonly PlacedRecord[]): Counted {
  const starts = ofClass(own, "session").filter(({ body }) => body.event === "start").length;
  return starts === 0 ? {} : { starts };
}

function callsWith(calls: Calls, is: (group: readonly PlacedRecord[]) => boolean): number {
  return [...calls.values()].filter(is).length;
}

function hasFailed(group: readonly PlacedRecord[]): boolean {
  return primaryOf(ofClass(group, "tool_call")).some(({ body }) => body.success === false);
}

function hasEditVerdict(group: readonly PlacedRecord[]): boolean {
  return primaryOf(ofClass(group, "approval")).some(({ body }) => editTools.has(body.tool ?? ""));
}
