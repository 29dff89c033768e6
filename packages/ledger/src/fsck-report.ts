/** Everything that can be found wrong. A clean ledger has no findings. */
export const fsckCodes = [
  "checkpoint_format",
  "checkpoint_signature",
  "checkpoint_root",
  "checkpoint_missing",
  "entries_missing",
  "entries_content",
  "tile_missing",
  "tile_content",
  "row_missing",
  "row_extra",
  "row_hash",
  "row_entry",
  "row_format",
  "row_rx",
  "seal_range",
  "seal_chain",
  "seal_counts",
  "seal_accumulator",
  "seal_gaps",
  "seal_high_water",
  "journal_torn",
  "journal_gap",
  "tail_digest",
] as const;
export type FsckCode = (typeof fsckCodes)[number];

export interface FsckFinding {
  readonly code: FsckCode;
  readonly origin: string;
  /** The leaf, or the size of the checkpoint, that the finding is about. */
  readonly at: number;
  /** Names and numbers, never content. */
  readonly detail?: string;
}

export interface FsckReport {
  readonly ledgers: number;
  /** Leaves under a checkpoint whose entries were hashed again. */
  readonly leaves: number;
  /** Rows of the store, or of the journal, whose canonical bytes were hashed again. */
  readonly rows: number;
  readonly checkpoints: number;
  readonly seals: number;
  /** False: no store was given, so nothing is said about rows under a checkpoint. */
  readonly rowsChecked: boolean;
  readonly findings: readonly FsckFinding[];
  /** Findings beyond those listed. */
  readonly omitted: number;
}

/** Listed findings: past it they are counted. */
const findingsMax = 1_000;

/** Collects while the checks run. */
export interface FsckTally {
  find(code: FsckCode, origin: string, at: number, detail?: string): void;
  count(what: "ledgers" | "leaves" | "rows" | "checkpoints" | "seals", more: number): void;
  report(rowsChecked: boolean): FsckReport;
}

export function createTally(): FsckTally {
  const findings: FsckFinding[] = [];
  const counts = { ledgers: 0, leaves: 0, rows: 0, checkpoints: 0, seals: 0 };
  let omitted = 0;
  return {
    find(code, origin, at, detail) {
      if (findings.length >= findingsMax) omitted += 1;
      else findings.push({ code, origin, at, ...(detail === undefined ? {} : { detail }) });
    },
    count(what, more) {
      counts[what] += more;
    },
    report: (rowsChecked) => ({ ...counts, rowsChecked, findings, omitted }),
  };
}
