import { type LedgerRecord, millisOf, type PlacedRecord, shiftMillis } from "@custody/model";
import { compareText, isOf } from "./record-order.ts";

type CallRecord = LedgerRecord<"tool_call"> | LedgerRecord<"decision">;

/** The time one record of a call covers. It never changes, so the set of records near a moment only grows. */
export interface CallMark {
  readonly record: CallRecord;
  readonly call: string;
  readonly from: string;
  readonly to: string;
}

export function callMarks(placed: readonly PlacedRecord[]): readonly CallMark[] {
  return placed.flatMap(({ record }) => {
    const { call } = record;
    if (call === undefined || !(isOf(record, "tool_call") || isOf(record, "decision"))) return [];
    return [{ record, call, from: startOf(record), to: record.end ?? record.ts }];
  });
}

function startOf(record: CallRecord): string {
  if (!isOf(record, "tool_call")) return record.ts;
  const { exec_start, duration_ms, event } = record.body;
  if (exec_start !== undefined)
    return compareText(exec_start, record.ts) < 0 ? exec_start : record.ts;
  if (event !== "result" || record.end !== undefined || duration_ms === undefined) return record.ts;
  // The time of a result that is not a span is its end. A duration longer than the time since 1970 is not one.
  return duration_ms > millisOf(record.ts) ? record.ts : shiftMillis(record.ts, -duration_ms);
}

/** One call as far as the records near a moment show it. */
export interface CallSpan {
  readonly call: string;
  readonly from: string;
  /** Undefined while no result is known: the call may still run. */
  readonly to: string | undefined;
  readonly hosts: ReadonlySet<string>;
  /** False where every account of the call that read its arguments says that it only reads, or it is a file tool. */
  readonly mayReach: boolean;
}

export function callSpans(marks: readonly CallMark[]): readonly CallSpan[] {
  const groups = new Map<string, CallMark[]>();
  for (const mark of marks) {
    const group = groups.get(mark.call);
    if (group) group.push(mark);
    else groups.set(mark.call, [mark]);
  }
  return [...groups]
    .map(([call, group]) => spanOf(call, group))
    .sort(
      (left, right) => compareText(left.from, right.from) || compareText(left.call, right.call),
    );
}

function spanOf(call: string, group: readonly CallMark[]): CallSpan {
  const results = group.filter(
    ({ record }) => isOf(record, "tool_call") && record.body.event === "result",
  );
  const bodies = group.map(({ record }) => record.body);
  return {
    call,
    from: group.map(({ from }) => from).sort(compareText)[0] ?? "",
    to: results
      .map(({ to }) => to)
      .sort(compareText)
      .at(-1),
    hosts: new Set(bodies.flatMap(({ hosts }) => hosts ?? [])),
    mayReach: bodies.some(({ kind }) => kind !== "fs") && !onlyReads(bodies),
  };
}

function onlyReads(bodies: readonly CallRecord["body"][]): boolean {
  const read = bodies.filter(({ classifier }) => classifier !== undefined);
  return read.length > 0 && read.every(({ risk }) => risk?.includes("read_only"));
}
