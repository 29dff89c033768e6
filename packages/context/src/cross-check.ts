import { type CrossCheck, tallyMeasures, temporalities } from "@custody/model";
import type { Counted } from "./counted-measures.ts";
import { groupBy } from "./group-by.ts";
import { sumOf, type TallyPoint, type TallySum } from "./tally.ts";

export interface CrossCheckOptions {
  /** Time of the newest record that is no point. */
  readonly lastRecordAt: string;
  /** More may still come. */
  readonly open: boolean;
  /** Why points and records are not of the same thing, a sentence; absent where they are. */
  readonly apart?: string;
}

/**
 * Holds what a source's metrics count against what its records tell, one answer a measure, metric and temporality: nothing is added across
 * them, because two of them may count one thing twice.
 */
export function crossCheck(
  points: readonly TallyPoint[],
  counted: Counted,
  options: CrossCheckOptions,
): readonly CrossCheck[] {
  const groups = groupBy(points, ({ measure, metric, temporality }) =>
    JSON.stringify([tallyMeasures.indexOf(measure), metric, temporalities.indexOf(temporality)]),
  );
  return [...groups]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([, group]) => {
      const [first] = group;
      if (first === undefined) return [];
      const { measure, metric, temporality } = first;
      const sum = sumOf(group);
      const records = counted[measure] ?? null;
      // Each price was rounded to a millionth where it was read, here and there.
      const rounded = group.length + (counted.inferences ?? 0);
      const slack = measure === "cost_usd_micros" ? rounded : 0;
      const verdict = verdictOf(records, sum, first, slack, options);
      return { measure, metric, temporality, records, metrics: sum.value, ...verdict };
    });
}

type Verdict = Pick<CrossCheck, "agrees" | "why">;

function verdictOf(
  records: number | null,
  sum: TallySum,
  { temporality }: TallyPoint,
  slack: number,
  { lastRecordAt, open, apart }: CrossCheckOptions,
): Verdict {
  const noted = sum.resets === 0 ? "" : ` The source began to count anew ${sum.resets} time(s).`;
  const say = (agrees: boolean | null, why: string): Verdict => ({ agrees, why: `${why}${noted}` });
  if (records === null) {
    return sum.value === 0
      ? say(true, "Neither records nor metrics count any.")
      : say(null, "No record tells this measure.");
  }
  if (temporality === "unspecified") {
    return say(
      null,
      "The source does not say whether its points are to be added or replace each other.",
    );
  }
  if (apart !== undefined) return say(null, apart);
  const over = sum.value - records;
  if (over === 0) return say(true, "Records and metrics say the same.");
  if (Math.abs(over) <= slack) return say(true, "They differ by no more than was rounded.");
  if (over > 0) {
    return say(
      false,
      `The metrics count ${over} more than the records tell: records are missing, or nothing else tells what was counted.`,
    );
  }
  if (sum.newest >= lastRecordAt) {
    return say(
      false,
      `The records tell ${-over} more than the metrics count: points are missing, or the source does not count all of it.`,
    );
  }
  return open
    ? say(
        null,
        `The metrics lack ${-over}, and their newest point is older than the newest record: the last export may still come.`,
      )
    : say(
        false,
        `The metrics lack ${-over}, and their newest point is older than the newest record: the source ended before its last export.`,
      );
}
