import {
  type LedgerRecord,
  limits,
  millisOf,
  type PlacedRecord,
  type RecordClass,
} from "@custody/model";

/** Narrows a record by its class. */
export function isOf<C extends RecordClass>(
  record: LedgerRecord,
  name: C,
): record is LedgerRecord<C> {
  return record.class === name;
}

/** The records of one class, in the order given. */
export function ofClass<C extends RecordClass>(
  placed: readonly PlacedRecord[],
  name: C,
): readonly LedgerRecord<C>[] {
  return placed.map(({ record }) => record).filter((record) => isOf(record, name));
}

/**
 * The one order of facts: (ts, epoch, seq, id) (design 5). A record without a sequence stands before those that have one.
 * It is total over distinct records, so whatever is "the last one" is the same for every reader.
 */
export function compareRecords(left: LedgerRecord, right: LedgerRecord): number {
  return (
    compareText(left.ts, right.ts) ||
    compareText(left.src.epoch, right.src.epoch) ||
    (left.src.seq ?? -1) - (right.src.seq ?? -1) ||
    compareText(left.id, right.id) ||
    compareText(left.rx, right.rx)
  );
}

/** By UTF-16 unit, never by locale. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The last record in order; undefined of none. */
export function latest<R extends LedgerRecord>(records: readonly R[]): R | undefined {
  return records.reduce<R | undefined>(
    (last, record) => (last === undefined || compareRecords(last, record) < 0 ? record : last),
    undefined,
  );
}

/** One record per id. Of two that contradict each other under one id, the one with the smaller hash: neither is chosen for speaking first. */
export function distinctById(placed: readonly PlacedRecord[]): readonly PlacedRecord[] {
  const kept = new Map<string, PlacedRecord>();
  for (const one of placed) {
    const known = kept.get(one.record.id);
    if (known === undefined || one.sha < known.sha) kept.set(one.record.id, one);
  }
  return [...kept.values()];
}

/** The accounts that `distinctById` leaves out, each once: what lies near a moment by any of them was weighed there before another was known. */
export function overruledById(placed: readonly PlacedRecord[]): readonly PlacedRecord[] {
  const kept = new Set(distinctById(placed).map(({ record, sha }) => accountKey(record, sha)));
  const overruled = new Map<string, PlacedRecord>();
  for (const one of placed) {
    const key = accountKey(one.record, one.sha);
    if (!kept.has(key)) overruled.set(key, one);
  }
  return [...overruled.values()];
}

function accountKey({ id }: LedgerRecord, sha: string): string {
  return `${id} ${sha}`;
}

/** The primary records, or all where the source has no primary one (a source of traces alone). */
export function primaryOf<R extends { readonly body: { readonly primary: boolean } }>(
  records: readonly R[],
): readonly R[] {
  const primary = records.filter(({ body }) => body.primary);
  return primary.length > 0 ? primary : records;
}

/** The source's time where it is believable, else the time of receipt (design 4): a wrong clock moves nothing by more than a day. */
export function atOf({ ts, rx }: LedgerRecord): string {
  return Math.abs(millisOf(rx) - millisOf(ts)) <= limits.timeTrustMsMax ? ts : rx;
}
