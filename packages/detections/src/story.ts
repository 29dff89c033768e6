import { type LedgerRecord, timeFromText } from "@custody/model";
import type { CallEvidence, Evidence, FlowEvidence } from "./evidence.ts";
import { detectionLimits } from "./limits.ts";
import { compareText, isOf, timeOf } from "./record-order.ts";
import { groupsOf, push, type Records } from "./records.ts";

type Result = LedgerRecord<"tool_call">;

/** One call with its records in order. */
export interface CallStory extends CallEvidence {
  readonly told: readonly LedgerRecord[];
  /** The record a finding of the call names: the result that counts, else the last that is known of it. */
  readonly anchor: LedgerRecord;
  /** The results its dialect counts, all of them where it counts none. */
  readonly results: readonly Result[];
  readonly startedAt: string;
  /** Risk words of every record whose arguments were read. */
  readonly risk: ReadonlySet<string>;
}

/** The evidence of a session made ready once for all conditions: distinct, in order, joined by call. */
export interface Story extends Omit<Evidence, "records" | "calls" | "flows">, Records {
  /** Calls of which a record is known, in order of their starts. */
  readonly calls: readonly CallStory[];
  callOf(record: string): string | undefined;
  flowOf(record: string): FlowEvidence | undefined;
  /** The earliest grants for longer than one call that are told for a tool and belong to no call. */
  grantsOf(tool: string): readonly LedgerRecord<"approval">[];
}

export function storyOf(evidence: Evidence): Story {
  const { byId, of, isContested } = groupsOf(evidence.records);
  const callOf = new Map(
    evidence.calls.flatMap(({ call, records }) => records.map((id) => [id, call] as const)),
  );
  const flowOf = new Map(evidence.flows.map((flow) => [flow.record, flow]));
  const grants = new Map<string, LedgerRecord<"approval">[]>();
  for (const record of of("approval")) {
    if (callOf.has(record.id)) continue;
    const { tool, scope } = record.body;
    if (tool === undefined || scope === "once") continue;
    // More of them than this clear nothing more: a flood of grants costs findings, and never time.
    if ((grants.get(tool)?.length ?? 0) < detectionLimits.grantsPerToolMax)
      push(grants, tool, record);
  }
  const calls = evidence.calls.flatMap((call) => callStory(call, byId) ?? []);
  return {
    ...evidence,
    of,
    calls: calls.sort(
      (left, right) =>
        compareText(left.startedAt, right.startedAt) || compareText(left.call, right.call),
    ),
    callOf: (record) => callOf.get(record),
    flowOf: (record) => flowOf.get(record),
    grantsOf: (tool) => grants.get(tool) ?? [],
    isContested,
  };
}

function callStory(
  call: CallEvidence,
  byId: ReadonlyMap<string, readonly LedgerRecord[]>,
): CallStory | undefined {
  const told = [...new Set(call.records)]
    .flatMap((id) => byId.get(id) ?? [])
    .sort(
      (left, right) => compareText(timeOf(left), timeOf(right)) || compareText(left.id, right.id),
    );
  const tooled = told.filter(
    (record): record is LedgerRecord<"tool_call"> | LedgerRecord<"decision"> =>
      isOf(record, "tool_call") || isOf(record, "decision"),
  );
  const results = resultsOf(told);
  const anchor = results.at(-1) ?? tooled.at(-1) ?? told.at(-1);
  if (anchor === undefined) return undefined;
  const starts = [
    ...tooled.map(timeOf),
    ...results.flatMap(({ body }) => timeFromText(body.exec_start ?? "") ?? []),
  ].sort(compareText);
  return {
    ...call,
    told,
    anchor,
    results,
    startedAt: starts[0] ?? timeOf(anchor),
    risk: new Set(tooled.flatMap(({ body }) => body.risk ?? [])),
  };
}

function resultsOf(told: readonly LedgerRecord[]): readonly Result[] {
  const results = told
    .filter((record) => isOf(record, "tool_call"))
    .filter(({ body }) => body.event === "result");
  const primary = results.filter(({ body }) => body.primary);
  return primary.length > 0 ? primary : results;
}
