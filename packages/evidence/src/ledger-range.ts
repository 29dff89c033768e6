import { type RosterEntry, type StoreReader, shiftMillis } from "@custody/model";
import { hexEncode } from "@custody/proof";
import { EvidenceError } from "./errors.ts";
import { limits } from "./limits.ts";
import type { Period } from "./period.ts";
import { type StoredRow, storedRows } from "./stored-row.ts";

export interface SealRow extends StoredRow<"seal"> {
  /** Hex. */
  readonly sha: string;
}

/** The two seals that enclose a period with its lateness: every leaf of the period lies between them. */
export interface LedgerRange {
  /** Undefined where the ledger began inside the range: it then starts at leaf 0. */
  readonly opening: SealRow | undefined;
  readonly closing: SealRow;
  /** First leaf of the range. */
  readonly from: number;
  /** False where records of the period may still come: the closing seal is the newest there was. */
  readonly isSettled: boolean;
  /** When the ledger's first record was received. */
  readonly beganAt: string;
  readonly roster: readonly RosterEntry[];
}

export interface RangeQuestion {
  readonly tenant: string;
  readonly ledger: string;
  readonly period: Period;
  /** The checkpoint the run is computed at: nothing at or past it is read. */
  readonly size: number;
}

/** A record may belong to a period although it was received a day earlier or later, since `at` trusts a source's time that far. */
export async function findRange(
  reader: StoreReader,
  { tenant, ledger, period, size }: RangeQuestion,
): Promise<LedgerRange> {
  const place = { tenant, ledger, size };
  const seal = async (
    finder: "last-seal" | "last-seal-before" | "first-seal-from",
    time?: string,
  ): Promise<SealRow | undefined> => {
    const params = time === undefined ? place : { ...place, time };
    const [row] = await storedRows<"seal">(reader, finder, params);
    return row && { ...row, sha: hexEncode(row.digest) };
  };
  const opening = await seal("last-seal-before", shiftMillis(period.start, -limits.latenessMs));
  const settled = await seal("first-seal-from", shiftMillis(period.end, limits.latenessMs));
  const closing = settled ?? (await seal("last-seal"));
  if (closing === undefined || closing.leaf === opening?.leaf) {
    throw new EvidenceError("LEDGER_EMPTY", `${ledger} has no seal for this period`);
  }
  const [first] = await storedRows(reader, "first-record", place);
  return {
    opening,
    closing,
    from: opening === undefined ? 0 : opening.leaf + 1,
    isSettled: settled !== undefined,
    beganAt: first?.record.rx ?? closing.record.rx,
    roster: closing.record.body.roster,
  };
}
