import type { Kind, Measure, Row } from "./measure.ts";

/** Never rounded up. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? "–" : `${(Math.floor((part * 1_000) / whole) / 10).toFixed(1)} %`;
}

/** Never rounded down: of what should not be. */
export function perThousand(part: number, whole: number): string {
  return (Math.ceil((part * 100_000) / whole) / 100).toFixed(2);
}

/** Kinds of one row, worst first, the rest counted. */
export function kindsText(kinds: readonly Kind[], most: number): string {
  const shown = kinds.slice(0, most).map(({ name, count }) => `${name} ${count}`);
  const rest = kinds.slice(most).reduce((sum, { count }) => sum + count, 0);
  return [...shown, ...(rest === 0 ? [] : [`others ${rest}`])].join("; ");
}

export function sumOf(
  { rows }: Measure,
  of: (row: Row) => number,
  take: (row: Row) => boolean = () => true,
): number {
  return rows.filter(take).reduce((sum, row) => sum + of(row), 0);
}
