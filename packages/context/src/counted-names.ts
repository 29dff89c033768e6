import type { PlacedRecord } from "@custody/model";
import { groupBy } from "./group-by.ts";
import { compareText, ofClass } from "./record-order.ts";

/**
 * The names under which a record counts among what a conclusion was drawn from: its id; of one that contradicts itself every account, since another one
 * may be kept for it; and the links that moved it. All of them change a conclusion, so a basis that left one out would be the same before and after.
 */
export function countedNames(
  placed: readonly PlacedRecord[],
  moves: readonly PlacedRecord[] = [],
): (id: string) => readonly string[] {
  const accounts = new Map<string, Set<string>>();
  for (const { record, sha } of placed) {
    const known = accounts.get(record.id);
    if (known === undefined) accounts.set(record.id, new Set([sha]));
    else known.add(sha);
  }
  const moved = groupBy(ofClass(moves, "link"), ({ body }) => body.record);
  return (id) => {
    const own = accounts.get(id) ?? new Set();
    const contested = own.size > 1 ? [...own].sort(compareText) : [];
    return [id, ...contested, ...(moved.get(id) ?? []).map((link) => link.id)];
  };
}
