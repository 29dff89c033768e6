import {
  type LedgerRecord,
  type PlacedRecord,
  type Tally,
  tallyMeasures,
  temporalities,
} from "@custody/model";
import { compareText, distinctById, ofClass } from "./record-order.ts";

/** One point of a source's metrics, with the series it belongs to: who sent it, and everything that tells its counts from others. */
export interface TallyPoint extends Tally {
  readonly series: string;
}

/** The points among records, once each and in order of time. What our own ledger says of itself is none. */
export function tallyPoints(placed: readonly PlacedRecord[]): readonly TallyPoint[] {
  return ofClass(distinctById(placed), "integrity")
    .flatMap((record) => pointOf(record) ?? [])
    .toSorted((left, right) => compareText(left.time, right.time) || left.value - right.value);
}

function pointOf(record: LedgerRecord<"integrity">): TallyPoint | undefined {
  const { kind, detail } = record.body;
  if (kind !== "tally" || record.src.auth.kind === "internal" || !isTally(detail)) return undefined;
  const { subject } = record.src.auth;
  return { ...detail, series: JSON.stringify([subject, record.session ?? "", ...detail.tags]) };
}

function isTally(
  detail: Readonly<Record<string, unknown>>,
): detail is Record<string, unknown> & Tally {
  const { metric, measure, temporality, start, time, value, tags } = detail;
  return (
    typeof metric === "string" &&
    isOneOf(tallyMeasures, measure) &&
    isOneOf(temporalities, temporality) &&
    (start === null || typeof start === "string") &&
    typeof time === "string" &&
    typeof value === "number" &&
    Array.isArray(tags)
  );
}

function isOneOf(words: readonly string[], word: unknown): boolean {
  return typeof word === "string" && words.includes(word);
}

/** What the points of one metric and one temporality add up to. */
export interface TallySum {
  readonly value: number;
  /** Time of the newest point. */
  readonly newest: string;
  /** How often a series began to count anew, or was found to have fallen. */
  readonly resets: number;
}

/**
 * Delta points are what was counted since the one before, so they are added. A cumulative point is all that was counted since its start,
 * so the newest of each start is. Where the source says neither, the newest of each series is shown.
 */
export function sumOf(points: readonly TallyPoint[]): TallySum {
  const [first] = points;
  const newest = points.at(-1)?.time ?? "";
  if (first?.temporality === "delta") {
    return { value: points.reduce((sum, { value }) => sum + value, 0), newest, resets: 0 };
  }
  const last = new Map<string, TallyPoint>();
  let falls = 0;
  for (const point of points) {
    const key = JSON.stringify([point.series, point.start]);
    if ((last.get(key)?.value ?? 0) > point.value) falls++;
    last.set(key, point);
  }
  const kept = [...last.values()];
  const anew = kept.length - new Set(kept.map(({ series }) => series)).size;
  return { value: kept.reduce((sum, { value }) => sum + value, 0), newest, resets: anew + falls };
}
