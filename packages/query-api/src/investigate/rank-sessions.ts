import { type Grade, grades, millisOf } from "@custody/model";
import type { Clue, Hit, How } from "@custody/storage/queries";

/** A session that carries clues, and the records that carry them, the best first. */
export interface RankedSession {
  readonly session: string;
  readonly matched: readonly Clue[];
  readonly hits: readonly Hit[];
  readonly nearestMs: number;
}

/** Ways to carry a clue that say less than the others: a word about oneself, a name alone, an intention. */
const weak: ReadonlySet<How> = new Set(["claimed", "file_name", "arguments", "window"]);

/**
 * Sessions in the order in which to read them: who carries more of what was asked by more than a weak word, then under the better grade, then
 * who carries more of it in any way, then nearer to the moment. A weak word comes last because anybody may say it: whoever claims every host
 * and every principal must not stand before what a proxy saw. All of it is seen in the answer; there is no score.
 */
export function rankSessions(hits: readonly Hit[], at: string): readonly RankedSession[] {
  const bySession = new Map<string, Hit[]>();
  for (const hit of hits) {
    if (hit.session === null) continue;
    const known = bySession.get(hit.session);
    if (known === undefined) bySession.set(hit.session, [hit]);
    else known.push(hit);
  }
  return [...bySession]
    .map(([session, own]) => ranked(session, own, at))
    .sort(
      (one, other) => compare(one.order, other.order) || compareText(one.session, other.session),
    )
    .map(({ order: _, ...session }) => session);
}

function ranked(session: string, hits: readonly Hit[], at: string) {
  const matched = cluesIn(hits);
  const strong = hits.filter(({ how }) => !weak.has(how));
  const best = Math.min(...(strong.length > 0 ? strong : hits).map(({ grade }) => rankOf(grade)));
  const nearestMs = Math.min(...hits.map((hit) => distanceMs(hit.at, at)));
  return {
    session,
    matched,
    hits: bestFirst(hits, at),
    nearestMs,
    order: [-cluesIn(strong).length, best, -matched.length, nearestMs],
  };
}

/** Strong before weak, the better grade before the worse, the nearer before the farther. */
export function bestFirst(hits: readonly Hit[], at: string): readonly Hit[] {
  const order = (hit: Hit): readonly number[] => [
    Number(weak.has(hit.how)),
    rankOf(hit.grade),
    distanceMs(hit.at, at),
  ];
  return hits.toSorted(
    (one, other) => compare(order(one), order(other)) || compareText(one.id, other.id),
  );
}

export function cluesIn(hits: readonly Hit[]): readonly Clue[] {
  return [...new Set(hits.map(({ clue }) => clue))].sort();
}

export function distanceMs(time: string, other: string): number {
  return Math.abs(millisOf(time) - millisOf(other));
}

/** Observed stands first. */
function rankOf(grade: Grade): number {
  return grades.indexOf(grade);
}

/**
 * How sure it is that a record speaks of its action: as sure as the record, unless only a join of ours put it there. Of several the best.
 */
export function sureOf(hits: readonly Hit[]): Grade {
  const sure = hits.map(({ grade, link }) => (link === null ? grade : "derived"));
  return sure.sort((one, other) => rankOf(one) - rankOf(other))[0] ?? "derived";
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [index, value] of one.entries()) {
    const difference = value - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
