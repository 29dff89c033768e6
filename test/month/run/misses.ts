import type { FindingFact } from "@custody/detections";
import type { FamilyScore, Score } from "./score.ts";

export interface Kind {
  readonly name: string;
  readonly count: number;
}

/** What was missed, by shape; what was said wrongly, by case and by what the call was. */
export function missedKinds({ missed }: FamilyScore): readonly Kind[] {
  return counted(missed.map(({ shape }) => shape));
}

export function wrongKinds(
  { wrong }: FamilyScore,
  describe: (finding: FindingFact) => string,
): readonly Kind[] {
  return counted(wrong.map((finding) => `${finding.body.case ?? ""}: ${describe(finding)}`));
}

function counted(names: readonly string[]): readonly Kind[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .toSorted((left, right) => right.count - left.count || (left.name < right.name ? -1 : 1));
}

/** Never rounded up. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? "none" : `${(Math.floor((part * 1_000) / whole) / 10).toFixed(1)} %`;
}

export interface Totals {
  readonly incidents: number;
  readonly found: number;
  readonly right: number;
  readonly wrong: number;
}

export function totals({ families }: Score): Totals {
  const sum = (of: (family: FamilyScore) => number): number =>
    families.reduce((all, family) => all + of(family), 0);
  return {
    incidents: sum(({ incidents }) => incidents),
    found: sum(({ found }) => found),
    right: sum(({ right }) => right),
    wrong: sum(({ wrong }) => wrong.length),
  };
}
