import {
  type LedgerRecord,
  limits,
  millisOf,
  type PlacedRecord,
  type RecordClass,
} from "@custody/model";

/** The source's time where it is believable, else the time of receipt (design 4). */
export function timeOf({ ts, rx }: LedgerRecord): string {
  return Math.abs(millisOf(rx) - millisOf(ts)) <= limits.timeTrustMsMax ? ts : rx;
}

export function isOf<C extends RecordClass>(
  record: LedgerRecord,
  name: C,
): record is LedgerRecord<C> {
  return record.class === name;
}

/** By UTF-16 unit, never by locale. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * Each statement once, in an order that does not depend on delivery. Two claims under one id are two statements: what fires for either is
 * found, so that speaking first under another's id hides nothing (design 3, invariant 6).
 */
export function inOrder(placed: readonly PlacedRecord[]): readonly LedgerRecord[] {
  const statements = new Map<string, PlacedRecord>();
  for (const one of placed) statements.set(`${one.record.id} ${one.sha}`, one);
  return [...statements.values()]
    .map((one) => ({ ...one, at: timeOf(one.record) }))
    .sort(
      (left, right) =>
        compareText(left.at, right.at) ||
        compareText(left.record.src.epoch, right.record.src.epoch) ||
        (left.record.src.seq ?? -1) - (right.record.src.seq ?? -1) ||
        compareText(left.record.id, right.record.id) ||
        compareText(left.sha, right.sha),
    )
    .map(({ record }) => record);
}
