import { type LedgerRecord, millisOf, type PlacedRecord, shiftMillis } from "@custody/model";
import { contextLimits } from "./limits.ts";
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

/** Whether a call is weighed for what happened at a moment at all. */
export function isNear(moment: string, { from, to }: CallMark): boolean {
  const { joinWindowMs } = contextLimits;
  return from <= shiftMillis(moment, joinWindowMs) && shiftMillis(moment, -joinWindowMs) <= to;
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
  /** Whether any account of it read its arguments. */
  readonly isRead: boolean;
  /** It installs packages, or uses the network at all, as far as its arguments were read. */
  readonly installs: boolean;
  readonly isNetwork: boolean;
  /** False where every account of the call that read its arguments says that it only reads, it is a file tool, or an approval kept it from running. */
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
  const results = group.flatMap(({ record, to }) =>
    isOf(record, "tool_call") && record.body.event === "result"
      ? [{ to, status: record.body.status }]
      : [],
  );
  const bodies = group.map(({ record }) => record.body);
  return {
    call,
    from: beginning(group),
    to: results
      .map(({ to }) => to)
      .sort(compareText)
      .at(-1),
    hosts: new Set(bodies.flatMap(({ hosts }) => hosts ?? [])),
    isRead: bodies.some(({ classifier }) => classifier !== undefined),
    installs: bodies.some(({ risk }) => risk?.includes("package_install")),
    isNetwork: bodies.some(({ risk }) => risk?.includes("network")),
    mayReach: bodies.some(({ kind }) => kind !== "fs") && !onlyReads(bodies) && !neverRan(results),
  };
}

/** When it was carried out, where that is told as an interval of its own; else when it was decided: no call reaches out before it runs. */
function beginning(group: readonly CallMark[]): string {
  const starts = group.filter(
    ({ record, from, to }) =>
      isOf(record, "tool_call") && (record.body.event === "start" || from < to),
  );
  const marks = starts.length > 0 ? starts : group;
  return marks.map(({ from }) => from).sort(compareText)[0] ?? "";
}

function neverRan(results: readonly { readonly status: string }[]): boolean {
  return results.length > 0 && results.every(({ status }) => status === "denied");
}

function onlyReads(bodies: readonly CallRecord["body"][]): boolean {
  const read = bodies.filter(({ classifier }) => classifier !== undefined);
  return read.length > 0 && read.every(({ risk }) => risk?.includes("read_only"));
}
