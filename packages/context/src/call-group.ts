import type { LedgerRecord, PlacedRecord } from "@custody/model";
import { compareText, isOf } from "./record-order.ts";

/** Of all links of each record the one that counts: largest basis, then smallest id, so that late and repeated input converges. */
export function winningLinkOf(
  placed: readonly PlacedRecord[],
): ReadonlyMap<string, LedgerRecord<"link">> {
  const winners = new Map<string, LedgerRecord<"link">>();
  for (const { record } of placed) {
    if (!isOf(record, "link")) continue;
    const known = winners.get(record.body.record);
    if (known === undefined || beats(record, known)) winners.set(record.body.record, record);
  }
  return winners;
}

function beats(one: LedgerRecord<"link">, other: LedgerRecord<"link">): boolean {
  return one.body.basis === other.body.basis
    ? compareText(one.id, other.id) < 0
    : one.body.basis > other.body.basis;
}

/** Where a record belongs: what it says itself, else what its winning link says. */
export interface Belonging {
  readonly session: string | undefined;
  readonly call: string | undefined;
  readonly link: LedgerRecord<"link"> | undefined;
}

export function belongingOf(
  record: LedgerRecord,
  links: ReadonlyMap<string, LedgerRecord<"link">>,
): Belonging {
  const link = record.call === undefined ? links.get(record.id) : undefined;
  return {
    session: record.session ?? link?.session,
    call: record.call ?? link?.call,
    link,
  };
}

/** The records of each call of a session, linked ones included. Records without a call are not here. */
export function groupByCall(
  placed: readonly PlacedRecord[],
  session: string,
): ReadonlyMap<string, readonly PlacedRecord[]> {
  const links = winningLinkOf(placed);
  const groups = new Map<string, PlacedRecord[]>();
  for (const one of placed) {
    // A losing link says where a record does not belong.
    if (isOf(one.record, "link") && links.get(one.record.body.record) !== one.record) continue;
    const where = belongingOf(one.record, links);
    if (where.session !== session || where.call === undefined) continue;
    const group = groups.get(where.call);
    if (group) group.push(one);
    else groups.set(where.call, [one]);
  }
  return groups;
}
