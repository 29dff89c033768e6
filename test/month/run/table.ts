import type { Kind, Measure, Row } from "./measure.ts";

/** A measure of the whole month as it is kept: when, where, and the sums of the same month under its first allow-list. */
export interface Measured {
  readonly date: string;
  readonly machine: string;
  readonly month: Measure;
  readonly short: Measure;
}

/** Never rounded up. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? "–" : `${(Math.floor((part * 1_000) / whole) / 10).toFixed(1)} %`;
}

/** Never rounded down: of what should not be. */
export function perThousand(part: number, whole: number): string {
  return (Math.ceil((part * 100_000) / whole) / 100).toFixed(2);
}

export function sumOf({ rows }: Measure, of: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0);
}

/** What other measures say of a rule: on captures, on variants. */
export interface Beside {
  readonly captures: string;
  readonly variants: string;
}

export function monthTable(
  { month }: Measured,
  beside: (family: string) => Beside,
): readonly string[] {
  const all: Row = {
    family: "all",
    incidents: sumOf(month, ({ incidents }) => incidents),
    found: sumOf(month, ({ found }) => found),
    seenOtherwise: sumOf(month, ({ seenOtherwise }) => seenOtherwise),
    right: sumOf(month, ({ right }) => right),
    wrong: sumOf(month, ({ wrong }) => wrong),
    missed: [],
    said: [],
  };
  return [
    "| rule | incidents | found | recall | by any rule | findings | right | precision | wrong per 1,000 calls | captures, per 1,000 calls: true, benign, false | variants seen |",
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|---|---|",
    ...[...month.rows, all].map((row) => lineOf(row, month.calls, beside(row.family))),
  ];
}

function lineOf(row: Row, calls: number, { captures, variants }: Beside): string {
  const { family, incidents, found, seenOtherwise, right, wrong } = row;
  const cells = [
    family,
    incidents,
    found,
    percent(found, incidents),
    percent(found + seenOtherwise, incidents),
    right + wrong,
    right,
    percent(right, right + wrong),
    perThousand(wrong, calls),
    captures,
    variants,
  ];
  return `| ${cells.join(" | ")} |`;
}

const kindsPerRule = 8;

/** Every kind of miss, and the commonest kinds of wrong findings, each with its reason. */
export function kindsTable(
  { month }: Measured,
  reasonOf: (family: string, sort: "missed" | "wrong", name: string) => string,
): readonly string[] {
  const lines = month.rows.flatMap(({ family, missed, said }) => [
    ...missed.map(({ name, count }) => {
      return `| ${family} | missed: ${name} | ${count} | ${reasonOf(family, "missed", name)} |`;
    }),
    ...bounded(said).map(({ name, count }) => {
      return `| ${family} | wrong: ${cellOf(name)} | ${count} | ${reasonOf(family, "wrong", name)} |`;
    }),
  ]);
  return ["| rule | what | times | why |", "|---|---|---:|---|", ...lines];
}

function bounded(kinds: readonly Kind[]): readonly Kind[] {
  const rest = kinds.slice(kindsPerRule).reduce((sum, { count }) => sum + count, 0);
  const others = rest === 0 ? [] : [{ name: "other kinds", count: rest }];
  return [...kinds.slice(0, kindsPerRule), ...others];
}

const cellOf = (text: string): string => text.replaceAll("|", "\\|");
