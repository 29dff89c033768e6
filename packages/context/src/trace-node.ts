import type { Grade, LedgerRecord, RecordClass } from "@custody/model";
import { isOf } from "./record-order.ts";

/** One node of a trace tree. Of a node without records (`rebuilt`), the times are those of what stands under it. */
export interface TraceNode {
  /** The span's own id where it has one, else the record's, else a name made of (session, turn, call). The same input gives the same ids. */
  readonly id: string;
  readonly parent: string | null;
  /** The parent as the source sent it, where that span is not among the records. */
  readonly native_parent: string | null;
  readonly name: string;
  readonly class: RecordClass;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly session: string | null;
  readonly turn: string | null;
  readonly call: string | null;
  readonly record_ids: readonly string[];
  /** True where the node is a span its source sent; false where we rebuilt it. */
  readonly native: boolean;
  readonly grade: Grade;
}

/** Words of the source itself, shown and never interpreted. */
export function nodeName(record: LedgerRecord): string {
  if (isOf(record, "tool_call") || isOf(record, "decision")) return record.body.tool;
  if (isOf(record, "inference")) return record.body.model ?? record.agent?.model ?? "inference";
  if (isOf(record, "egress")) return `${record.body.host}:${record.body.port}`;
  if (isOf(record, "approval")) return `${record.body.verdict} by ${record.body.by}`;
  if (isOf(record, "sandbox")) return `sandbox ${record.body.outcome ?? record.body.event}`;
  if (isOf(record, "session")) return `session ${record.body.event}`;
  if (isOf(record, "opaque")) return record.body.name;
  return record.class;
}

/** A span may tell several facts; the node is of the first of these classes. */
const prominence: readonly RecordClass[] = [
  "tool_call",
  "inference",
  "turn",
  "session",
  "decision",
  "approval",
  "egress",
  "sandbox",
  "observation",
];

export function byProminence(left: LedgerRecord, right: LedgerRecord): number {
  const rank = ({ class: name }: LedgerRecord): number => {
    const found = prominence.indexOf(name);
    return found < 0 ? prominence.length : found;
  };
  return rank(left) - rank(right);
}
