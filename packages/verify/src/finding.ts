import { limits } from "./limits.ts";

/** Everything a verifier can hold against a bundle, with the sentence it says. Codes are stable; sentences are for people. */
export const findingSentences = {
  // Container
  FILE_MISSING: "A file that the manifest lists is not in the bundle.",
  FILE_EXTRA: "The bundle holds a file that nothing in it accounts for.",
  FILE_CHANGED: "A file is not the one the manifest lists: its size or SHA-256 differs.",
  FILE_UNREADABLE: "A file that the verifier needs cannot be read.",
  MANIFEST_FORMAT: "The manifest is missing or not in the form this verifier knows.",
  CHECKSUMS_MISMATCH: "SHA256SUMS does not say what the manifest says.",
  // Bundle signature
  BUNDLE_KEY_FORMAT: "The bundle's public key cannot be read.",
  BUNDLE_SIGNATURE: "The manifest is not signed by the bundle key.",
  STATEMENT_MISMATCH: "The signed statement does not describe this manifest.",
  BUNDLE_KEY_UNCOMMITTED: "The bundle is signed by a key that the run record does not name.",
  // Log signature
  CHECKPOINT_FORMAT: "A checkpoint cannot be read.",
  CHECKPOINT_MISMATCH: "The checkpoint is not the one the manifest names.",
  LOG_KEY_FORMAT: "The log's public key cannot be read.",
  LOG_SIGNATURE: "A checkpoint is not signed by the log.",
  LOG_UNTRUSTED: "No log that you trust has signed the checkpoint.",
  WITNESS_FORGED: "A witness signature on the checkpoint is false.",
  // Consistency
  GROWTH_FORMAT: "A consistency proof cannot be read.",
  CHECKPOINT_REPLACED:
    "The checkpoint does not grow from the one the run was computed at: one was replaced.",
  PREVIOUS_INCONSISTENT: "The log does not continue the log of the previous bundle.",
  // Run record and seals
  RUN_FORMAT: "The run record cannot be read, or is no run record of the collector.",
  RUN_PROOF: "The run record is not proven to be in the log.",
  SEAL_FORMAT: "A seal cannot be read, or its numbers contradict each other.",
  SEAL_PROOF: "A seal is not proven to be in the log.",
  SEAL_MISSING: "A seal that bounds the period is missing.",
  SEAL_ROSTER: "A seal does not list its own ledger among the tenant's ledgers.",
  SEAL_PERIOD: "The seals do not enclose the period.",
  // Rows
  ROW_FORMAT: "A line of records is not in its one form.",
  ROW_CANONICAL: "A row is not in canonical form.",
  ROW_CLASS: "A row belongs to another class than its file.",
  ROW_TENANT: "A row belongs to another tenant.",
  ROW_RANGE: "A row stands outside the range between the seals.",
  ROW_TIME: "A row was received before the row above it: the log never goes back.",
  ROWS_CHANGED: "A row was changed: as many rows as were sealed, with another content.",
  ROWS_DELETED: "Rows were deleted: fewer rows than were sealed.",
  ROWS_INSERTED: "Rows were inserted: more rows than were sealed.",
  ROWS_SWAPPED: "Rows were put in another order than they were sealed in.",
  ROWS_TRUNCATED: "The last rows were cut off: the range ends before the last row that was sealed.",
  ROWS_MISSING: "The records of a class that the run read are not in the bundle.",
  GRADES_MISMATCH: "The grade line is not the count of the rows' grades.",
  // Controls
  CONTROL_FORMAT: "A file of a control cannot be read.",
  POPULATION_ROWS: "A population names items that are not rows of its classes.",
  POPULATION_COUNTS: "The counts of a population are not what its rows say.",
  EXCEPTIONS_MISMATCH: "The list of exceptions is not the one the population marks.",
  SAMPLE_MISMATCH: "A sample does not come out again from its seed.",
  RESULT_MISMATCH: "A result is not what its counts say.",
  // Run commitment
  RUN_BUNDLE: "The run record was made for another bundle, period or catalogue.",
  RUN_CHECKPOINT: "The run record names another checkpoint.",
  RUN_SEALS: "The run record names other seals.",
  RUN_CLASSES: "The run record names other ranges of records.",
  RUN_CONTROLS: "The run record names other controls.",
  RUN_CONTROL: "The text of a control is not the one that was run.",
  RUN_QUERY: "The query of a control is not the one that was run.",
  RUN_PARAMS: "The parameters of a control are not those of the run.",
  RUN_POPULATION: "The population of a control is not the one the run found.",
  RUN_EXCEPTIONS: "The exceptions of a control are not those the run found.",
  RUN_SAMPLE: "The sample of a control is not the one the run drew.",
  RUN_RESULT: "The result of a control is not the one the run found.",
  RUN_COUNTS: "The counts of a control are not those the run found.",
  RUN_CONTENT: "A file under controls/ or records/ is not what the run wrote.",
} as const;
export type FindingCode = keyof typeof findingSentences;

/** What a verifier could not establish, and therefore does not claim. */
export const limitSentences = {
  UNPINNED:
    "The log's key came with the file: it shows that the bundle agrees with itself, not who made it.",
  UNANCHORED:
    "No quorum of witnesses that you trust has seen this tree: the operator could have rebuilt the log before the export.",
  PREVIOUS_ABSENT: "Whether the log continues an earlier bundle was not checked: none was given.",
  PREVIOUS_UNPROVEN: "The bundle carries no proof of growth from the previous bundle given.",
  INTERIM: "The period had not ended, or its lateness had not run out, at export.",
  ATTRIBUTES: "The attributes of each item were not computed again: their counts and marks were.",
  SAMPLE_ABSENT: "No sample was drawn at export.",
  OUTSIDE_LOG: "Items of this population are no log records: the log cannot prove them complete.",
  LEDGER_SUBSET: "The roster names more ledgers of this tenant than this bundle covers.",
  SOURCE:
    "Nothing here shows that every event reached the log; see the blind spots of the manifest.",
} as const;
export type LimitCode = keyof typeof limitSentences;

export interface Finding {
  readonly code: FindingCode;
  readonly sentence: string;
  /** Where: a path of the bundle, and a line, leaf or member in it. */
  readonly where: string;
}

export interface Limit {
  readonly code: LimitCode;
  readonly sentence: string;
  readonly where: string;
}

export interface FindingBook {
  add(code: FindingCode, where: string): void;
  limit(code: LimitCode, where?: string): void;
  has(...codes: readonly FindingCode[]): boolean;
  findings(): readonly Finding[];
  limits(): readonly Limit[];
}

/** Keeps the first findings of each code and counts the rest, so that a hostile bundle cannot bury one under a million. */
export function createFindingBook(): FindingBook {
  const kept: Finding[] = [];
  const limited: Limit[] = [];
  const counts = new Map<FindingCode, number>();
  return {
    add(code, where) {
      const count = (counts.get(code) ?? 0) + 1;
      counts.set(code, count);
      if (count <= limits.findingsPerCodeMax) {
        kept.push({ code, sentence: findingSentences[code], where });
      }
    },
    limit: (code, where = "") => limited.push({ code, sentence: limitSentences[code], where }),
    has: (...codes) => codes.some((code) => counts.has(code)),
    findings: () => [...kept, ...overflowOf(counts)],
    limits: () => limited,
  };
}

function overflowOf(counts: ReadonlyMap<FindingCode, number>): Finding[] {
  return [...counts]
    .filter(([, count]) => count > limits.findingsPerCodeMax)
    .map(([code, count]) => ({
      code,
      sentence: findingSentences[code],
      where: `and ${count - limits.findingsPerCodeMax} more`,
    }));
}
