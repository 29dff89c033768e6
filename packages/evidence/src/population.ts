import type { Row, SqlValue, StoreReader } from "@custody/model";
import type { Control } from "./control.ts";
import { EvidenceError } from "./errors.ts";
import { limits } from "./limits.ts";

/** One row that a control's SQL answered: an item, in scope or not. */
export interface Item {
  /** The record that stands for it; undefined where none does, as on a day without a verification. */
  readonly place: { readonly leaf: number; readonly sha: string } | undefined;
  readonly item: string;
  readonly inScope: boolean;
  /** The time the period is judged by, and when it was heard; empty without a record. */
  readonly at: string;
  readonly rx: string;
  /** The control's own columns, in the order of its YAML. */
  readonly columns: readonly string[];
  /** By letter, in the order of its YAML. */
  readonly attributes: readonly boolean[];
  /** Exception codes; an item in scope with one is an exception. */
  readonly codes: readonly string[];
}

/** Every item of a control's population, by leaf. A statement that takes slices is run once for each of them. */
export async function readItems(
  reader: StoreReader,
  control: Control,
  params: Readonly<Record<string, SqlValue>>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  const slices = Number(params["slices"] ?? 1);
  for (let slice = 0; slice < slices; slice++) {
    const rows = await reader.rows({
      sql: control.sql,
      params: params["slices"] === undefined ? params : { ...params, slice },
      rowsMax: limits.populationRowsMax,
      timeoutMs: limits.queryMsMax,
    });
    for (const row of rows) items.push(itemOf(control, row));
    if (items.length > limits.populationRowsMax) {
      throw new EvidenceError("POPULATION_LIMIT", `more than ${limits.populationRowsMax} items`);
    }
  }
  return slices === 1 ? items : items.sort(byPlace);
}

function byPlace(left: Item, right: Item): number {
  return (left.place?.leaf ?? -1) - (right.place?.leaf ?? -1);
}

/** The row's text is hostile: it is kept as text, and only ever written escaped. */
function itemOf(control: Control, row: Row): Item {
  const sha = textOf(row, "record_sha256");
  const codes = row["codes"];
  if (!Array.isArray(codes)) throw rowFault(control, "codes");
  for (const code of codes) {
    if (!Object.hasOwn(control.codes, String(code))) throw rowFault(control, `codes: ${code}`);
  }
  return {
    place: sha === "" ? undefined : { leaf: Number(row["leaf_index"]), sha },
    item: textOf(row, "item"),
    inScope: flagOf(control, row, "in_scope"),
    at: textOf(row, "at"),
    rx: textOf(row, "rx"),
    columns: control.columns.map((name) => textOf(row, name)),
    attributes: Object.keys(control.attributes).map((letter) => flagOf(control, row, letter)),
    codes: codes.map(String),
  };
}

function textOf(row: Row, name: string): string {
  const value = row[name];
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : String(value);
}

function flagOf(control: Control, row: Row, name: string): boolean {
  const value = row[name];
  if (value === true || value === 1 || value === "1") return true;
  if (value === false || value === 0 || value === "0") return false;
  throw rowFault(control, name);
}

function rowFault(control: Control, name: string): EvidenceError {
  return new EvidenceError("ROW_FORMAT", `${control.id} answered no ${name}`);
}

/** An item in scope is an exception if and only if it has a code. */
export function exceptionsOf(items: readonly Item[]): readonly Item[] {
  return items.filter((item) => item.inScope && item.codes.length > 0);
}
