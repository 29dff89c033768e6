import type { PlacedRecord } from "@custody/model";
import { placementBy } from "./placement.ts";
import { isOf } from "./record-order.ts";

/** The records of each call of a session, linked ones included. Records without a call are not here. */
export function groupByCall(
  placed: readonly PlacedRecord[],
  session: string,
): ReadonlyMap<string, readonly PlacedRecord[]> {
  const placement = placementBy(placed);
  const groups = new Map<string, PlacedRecord[]>();
  for (const one of placed) {
    const { record } = one;
    if (isOf(record, "link") && !placement.holds(record)) continue;
    // A link stands with what it links.
    for (const where of placement.places(record)) {
      if (where.session !== session || where.call === undefined) continue;
      const group = groups.get(where.call);
      if (group) group.push(one);
      else groups.set(where.call, [one]);
    }
  }
  return groups;
}
