import type { RecordClass } from "@custody/model";
import { type ResultState, resultOfCounts } from "@custody/verify";
import { limits } from "./limits.ts";

/** What decides a result, beside the items themselves (compliance 3.3, 10.1). */
export interface ResultFacts {
  /** Classes the control needs, and classes its SQL reads as well, as they were found between the seals. */
  readonly required: readonly ClassFacts[];
  readonly read: readonly ClassFacts[];
  /** Sessions that any record of the range belongs to. */
  readonly sessions: number;
  readonly openGaps: number;
  /** Records that the open gaps leave out. */
  readonly missingRecords: number;
  readonly longestSilenceMs: number;
  readonly needsAnchor: boolean;
  readonly anchors: number;
  readonly inScope: number;
  readonly exceptions: number;
}

interface ClassFacts {
  readonly class: RecordClass;
  readonly rows: number;
  readonly matchesSeals: boolean;
}

export interface Result {
  readonly state: ResultState;
  /** Why it could not be tested; empty unless it could not. */
  readonly unableBecause: readonly string[];
  /** True where the result stands although something is known to be missing. */
  readonly scopeLimitation: boolean;
}

/** The closed rule. What cannot be tested is never reported as tested without exceptions: it dominates. */
export function resultOf(facts: ResultFacts): Result {
  const unableBecause = [
    ...mismatches([...facts.required, ...facts.read]),
    ...absences(facts),
    ...gaps(facts),
    ...(facts.needsAnchor && facts.anchors === 0
      ? ["no anchor outside the operator's control exists"]
      : []),
  ];
  return {
    state:
      unableBecause.length > 0 ? "unable_to_test" : resultOfCounts(facts.inScope, facts.exceptions),
    unableBecause,
    scopeLimitation: facts.openGaps > 0,
  };
}

function mismatches(classes: readonly ClassFacts[]): string[] {
  return classes
    .filter(({ matchesSeals }) => !matchesSeals)
    .map((each) => `the stored records of class ${each.class} are not those that the seals commit`);
}

/** Where agents worked and a class is empty, its source did not speak; without sessions the control had no occasion. */
function absences({ required, sessions }: ResultFacts): string[] {
  if (sessions === 0) return [];
  return required
    .filter(({ rows }) => rows === 0)
    .map((each) => `no records of class ${each.class} were received, while sessions ran`);
}

function gaps({ openGaps, missingRecords, longestSilenceMs, required }: ResultFacts): string[] {
  const population = required.reduce((total, { rows }) => total + rows, 0);
  const tooMany = missingRecords * 10_000 > (population + missingRecords) * limits.openGapShareMax;
  return [
    ...(openGaps > 0 && tooMany
      ? [
          `${openGaps} open gaps leave out about ${missingRecords} records, more than 0.5 % of the population`,
        ]
      : []),
    ...(longestSilenceMs > limits.silenceMsMax
      ? ["the ledger was silent for more than 24 hours at a time"]
      : []),
  ];
}
