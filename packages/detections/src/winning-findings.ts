import type { LedgerRecord, PlacedRecord } from "@custody/model";
import { compareText, isOf } from "./record-order.ts";

type Finding = LedgerRecord<"finding">;

/** A record of a finding that a rule wrote: our own, and it says what it rests on. */
function isRules(record: LedgerRecord): record is Finding {
  return (
    isOf(record, "finding") &&
    record.src.auth.kind === "internal" &&
    record.body.finding !== undefined &&
    record.body.basis !== undefined
  );
}

/** Of each finding the record that counts, by its identity: greatest basis, on a tie the smallest id. What a person said of it is not here. */
export function winningFindings(placed: readonly PlacedRecord[]): ReadonlyMap<string, Finding> {
  const winners = new Map<string, Finding>();
  for (const { record } of placed) {
    if (!isRules(record)) continue;
    const identity = record.body.finding ?? "";
    const known = winners.get(identity);
    if (known === undefined || beats(record, known)) winners.set(identity, record);
  }
  return winners;
}

function beats(one: Finding, other: Finding): boolean {
  const [basis, known] = [one.body.basis ?? 0, other.body.basis ?? 0];
  return basis === known ? compareText(one.id, other.id) < 0 : basis > known;
}
