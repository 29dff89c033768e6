import type { RecordClass } from "@custody/model";
import { utf8Encode } from "@custody/proof";
import type { ClassRows } from "./class-rows.ts";
import { type CsvRow, columnsOf, openCsv } from "./csv.ts";

/** Columns every population.csv has; the control's own stand beside them. Codes are separated by one space. */
export const populationColumns = [
  "leaf_index",
  "record_sha256",
  "item",
  "in_scope",
  "exception_codes",
] as const;
/** Columns every exceptions.csv has: its lines are those of the population that are exceptions, in the same order. */
export const exceptionColumns = ["leaf_index", "record_sha256", "item", "exception_codes"] as const;

export interface PopulationException {
  readonly leaf: string;
  readonly sha: string;
  readonly item: string;
  readonly codes: string;
}

/** What a population says, after one pass: counts, and no more text than its exceptions. */
export interface Population {
  readonly items: number;
  readonly inScope: number;
  readonly exceptions: readonly PopulationException[];
  readonly codes: ReadonlyMap<string, number>;
  /** Items in scope that are log records, as (class, row) of what was hashed: what a sample is drawn from. */
  readonly sampled: readonly ItemPlace[];
  /** Items without a record: days of a calendar, for example. */
  readonly withoutRecord: number;
  /** Items whose leaf or digest is not that of a row of the control's classes. */
  readonly strangers: readonly string[];
}

export interface ItemPlace {
  readonly leaf: number;
  readonly digest: Uint8Array;
}

const strangersTold = 20;
const nothing = new Uint8Array(0);
const yes = utf8Encode("1");

/** Most of a million items are in place, in scope and without exception: those make no strings. */
export function readPopulation(file: Uint8Array, ranges: readonly ClassRows[]): Population {
  const table = openCsv(file);
  const at = columnsOf(table, populationColumns);
  const exceptions: PopulationException[] = [];
  const codes = new Map<string, number>();
  const sampled: ItemPlace[] = [];
  const strangers: string[] = [];
  let items = 0;
  let inScope = 0;
  let withoutRecord = 0;
  table.visit((row) => {
    items += 1;
    const bare = row.says(at.leaf_index, nothing) && row.says(at.record_sha256, nothing);
    const place = bare ? undefined : placeOf(ranges, row, at);
    if (bare) withoutRecord += 1;
    else if (place === undefined && strangers.length < strangersTold) {
      strangers.push(`item ${items}`);
    }
    if (!row.says(at.in_scope, yes)) return;
    inScope += 1;
    if (place !== undefined) sampled.push(place);
    if (row.says(at.exception_codes, nothing)) return;
    const exception = exceptionOf(row, at);
    exceptions.push(exception);
    for (const code of exception.codes.split(" ")) codes.set(code, (codes.get(code) ?? 0) + 1);
  });
  return { items, inScope, exceptions, codes, sampled, withoutRecord, strangers };
}

/** The row that was hashed under this leaf, if it has the digest that the population claims. */
function placeOf(
  ranges: readonly ClassRows[],
  row: CsvRow,
  at: Readonly<Record<"leaf_index" | "record_sha256", number>>,
): ItemPlace | undefined {
  const leaf = row.count(at.leaf_index);
  for (const range of ranges) {
    const index = range.find(leaf);
    if (index < 0) continue;
    const digest = range.digest(index);
    return row.isHexOf(at.record_sha256, digest) ? { leaf, digest } : undefined;
  }
  return undefined;
}

function exceptionOf(
  row: CsvRow,
  at: Readonly<Record<(typeof exceptionColumns)[number], number>>,
): PopulationException {
  return {
    leaf: row.text(at.leaf_index),
    sha: row.text(at.record_sha256),
    item: row.text(at.item),
    codes: row.text(at.exception_codes),
  };
}

export function readExceptions(file: Uint8Array): PopulationException[] {
  const table = openCsv(file);
  const at = columnsOf(table, exceptionColumns);
  const exceptions: PopulationException[] = [];
  table.visit((row) => {
    exceptions.push(exceptionOf(row, at));
  });
  return exceptions;
}

export const rangesOf = (
  rows: ReadonlyMap<RecordClass, ClassRows>,
  classes: readonly RecordClass[],
): ClassRows[] => classes.flatMap((name) => rows.get(name) ?? []);
