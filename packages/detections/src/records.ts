import type { LedgerRecord, PlacedRecord, RecordClass } from "@custody/model";
import { inOrder, isOf } from "./record-order.ts";

/** Records made ready: each statement once, in an order that does not depend on delivery. */
export interface Records {
  /** The records of a class, in order. */
  of<C extends RecordClass>(name: C): readonly LedgerRecord<C>[];
  /** More than one claim stands under this id: neither alone clears anything (design 3, invariant 6). */
  isContested(record: string): boolean;
}

export interface Groups extends Records {
  readonly byId: ReadonlyMap<string, readonly LedgerRecord[]>;
}

export function groupsOf(placed: readonly PlacedRecord[]): Groups {
  const byId = new Map<string, LedgerRecord[]>();
  const byClass = new Map<RecordClass, LedgerRecord[]>();
  for (const record of inOrder(placed)) {
    push(byId, record.id, record);
    push(byClass, record.class, record);
  }
  return {
    byId,
    of: <C extends RecordClass>(name: C) =>
      (byClass.get(name) ?? []).filter((record) => isOf(record, name)),
    isContested: (record) => (byId.get(record)?.length ?? 0) > 1,
  };
}

export function push<K, V>(groups: Map<K, V[]>, key: K, value: V): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}
