import type { RecordClass, StoreReader } from "@custody/model";
import { createAccumulator, equalBytes, hexDecode } from "@custody/proof";
import { type GradeLine, printRow, type RunClass, rowSetDigest } from "@custody/verify";
import { sha256 } from "./digest.ts";
import type { LedgerRange, SealRow } from "./ledger-range.ts";
import { limits } from "./limits.ts";
import type { StagedFile } from "./staging.ts";
import { storedRows } from "./stored-row.ts";

/** All records of one class between the seals, copied into the bundle and folded on the way. */
export interface ClassRange extends RunClass {
  /** The rows are those that the seals commit, all of them, in order and unchanged. */
  readonly matchesSeals: boolean;
  readonly grades: GradeLine;
}

export interface ClassRangeInput {
  readonly tenant: string;
  readonly ledger: string;
  readonly class: RecordClass;
  /** The seals on both sides, and the first leaf between them. */
  readonly range: Pick<LedgerRange, "opening" | "closing" | "from">;
  readonly file: StagedFile;
  readonly onRows: (count: number) => void;
}

/** Reads page by page in leaf order; the typed `class` column only finds rows, and the accumulator shows whether it found them all. */
export async function copyClassRange(
  reader: StoreReader,
  input: ClassRangeInput,
): Promise<ClassRange> {
  const { tenant, ledger, class: name, range, file } = input;
  const { opening, closing } = range;
  const fold = createAccumulator(sha256, accumulated(opening, name));
  const grades = { observed: 0, reported: 0, derived: 0, inferred: 0 };
  const digests: Uint8Array[] = [];
  let first: number | undefined;
  let last: number | undefined;
  for (let at = range.from; ; at = (last ?? at) + 1) {
    const params = { tenant, ledger, class: name, at, to: closing.leaf, rows: limits.pageRowsMax };
    // One page after another: the next one begins where this one ended.
    const rows = await storedRows(reader, "class-page", params);
    const lines: string[] = [];
    for (const { leaf, canonical, digest, record } of rows) {
      fold.fold(digest);
      digests.push(digest);
      grades[record.grade] += 1;
      lines.push(printRow(leaf, canonical));
      first ??= leaf;
      last = leaf;
    }
    file.write(lines.join(""));
    input.onRows(rows.length);
    if (rows.length < limits.pageRowsMax) break;
  }
  const sealed = counted(closing, name) - counted(opening, name);
  const matchesSeals =
    sealed === digests.length && equalBytes(fold.value(), accumulated(closing, name));
  return {
    class: name,
    rows: digests.length,
    ...(first === undefined || last === undefined ? {} : { first, last }),
    set_sha256: rowSetDigest(sha256, digests),
    matchesSeals,
    grades,
  };
}

function counted(seal: SealRow | undefined, name: RecordClass): number {
  return seal?.record.body.counts[name] ?? 0;
}

function accumulated(seal: SealRow | undefined, name: RecordClass): Uint8Array {
  const text = seal?.record.body.acc[name];
  return text === undefined ? new Uint8Array(32) : hexDecode(text);
}
