import type { RecordClass } from "@custody/model";
import { createAccumulator, equalBytes, type Sha256 } from "@custody/proof";
import type { BoundingSeals, Case, OpenedBundle } from "./case.ts";
import type { ClassRows } from "./class-rows.ts";
import { type RunClass, type RunCommitment, rowSetDigest } from "./commitment.ts";
import type { FindingCode } from "./finding.ts";
import { recordsPath } from "./paths.ts";

export interface RangeVerdict {
  readonly class: RecordClass;
  readonly rows: number;
  /** Every row is canonical, of its class and in its place. */
  readonly rowsOk: boolean;
  /** Folding the rows from the opening seal gives what the closing seal commits, and as many. */
  readonly accumulatorOk: boolean;
}

/** Step 7. The rows of each class are all of those, and only those, that the log sealed between the two seals. */
export function checkRanges(
  each: Case,
  { rows }: OpenedBundle,
  seals: BoundingSeals | undefined,
  run: RunCommitment | undefined,
): ReadonlyMap<RecordClass, RangeVerdict> {
  for (const { class: name } of run?.classes ?? []) {
    if (!rows.has(name)) each.book.add("ROWS_MISSING", recordsPath(name));
  }
  const verdicts = new Map<RecordClass, RangeVerdict>();
  for (const [name, range] of rows) {
    for (const { code, where } of range.faults) each.book.add(code, where);
    const accumulatorOk = seals !== undefined && checkRange(each, range, seals, run);
    verdicts.set(name, {
      class: name,
      rows: range.count,
      rowsOk: range.faults.length === 0,
      accumulatorOk,
    });
  }
  return verdicts;
}

function checkRange(
  { book, ports }: Case,
  range: ClassRows,
  { from, to }: BoundingSeals,
  run: RunCommitment | undefined,
): boolean {
  const path = recordsPath(range.class);
  const low = from === undefined ? 0 : from.leaf + 1;
  const accumulator = createAccumulator(ports.sha256, from?.accumulator(range.class));
  for (let row = 0; row < range.count; row++) {
    const leaf = range.leaf(row);
    if (leaf < low || leaf >= to.leaf) book.add("ROW_RANGE", `${path} leaf ${leaf}`);
    accumulator.fold(range.digest(row));
  }
  const sealed = to.count(range.class) - (from?.count(range.class) ?? 0);
  const matches = equalBytes(accumulator.value(), to.accumulator(range.class));
  if (sealed === range.count && matches) return true;
  const committed = run?.classes.find((entry) => entry.class === range.class);
  book.add(
    howAltered(ports.sha256, range, sealed, committed),
    `${path}: ${range.count} rows, ${sealed} sealed`,
  );
  return false;
}

/**
 * The running hash says that a range was altered, not how. The count says more or fewer; the last leaf that the run
 * committed tells a cut tail from a gap; the set digest tells another order from another content.
 */
function howAltered(
  sha256: Sha256,
  range: ClassRows,
  sealed: number,
  committed: RunClass | undefined,
): FindingCode {
  if (range.count > sealed) return "ROWS_INSERTED";
  const lastLeaf = range.count === 0 ? -1 : range.leaf(range.count - 1);
  if (range.count < sealed) {
    return lastLeaf < (committed?.last ?? -1) ? "ROWS_TRUNCATED" : "ROWS_DELETED";
  }
  const digests = Array.from({ length: range.count }, (_, row) => range.digest(row));
  const sameSet = rowSetDigest(sha256, digests) === committed?.set_sha256;
  return sameSet ? "ROWS_SWAPPED" : "ROWS_CHANGED";
}
