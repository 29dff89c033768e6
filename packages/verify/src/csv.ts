import { utf8Decode } from "@custody/proof";
import { VerifyError } from "./errors.ts";
import { limits } from "./limits.ts";

/** A table as bytes and the places of its fields: a population of a million items is read without a million strings. */
export interface CsvRow {
  /** The field of a column, decoded; doubled quotes are single again. */
  text(column: number): string;
}

export interface CsvTable {
  readonly columns: readonly string[];
  /** Visits every row behind the header, in order. The row is reused: read it before returning. */
  visit(each: (row: CsvRow, index: number) => void): void;
}

const quote = 0x22;
const comma = 0x2c;
const newline = 0x0a;

/**
 * RFC 4180 in the one form bundles use: every field quoted, LF, a header, UTF-8. The agent's words stand in these
 * fields; they are compared and counted here, and never interpreted.
 */
export function openCsv(file: Uint8Array): CsvTable {
  const header = new Cursor(file, 0);
  header.next();
  const columns = Array.from({ length: header.fields }, (_, i) => header.text(i));
  if (new Set(columns).size !== columns.length) {
    throw new VerifyError("CSV_FORMAT", "a column stands twice");
  }
  return {
    columns,
    visit(each) {
      const cursor = new Cursor(file, header.at);
      for (let index = 0; cursor.next(); index++) {
        if (cursor.fields !== columns.length) {
          throw new VerifyError("CSV_FORMAT", `row ${index + 1} has ${cursor.fields} fields`);
        }
        each(cursor, index);
      }
    },
  };
}

/** Answers where each named column stands; throws when one is missing. */
export function columnsOf<Name extends string>(
  table: CsvTable,
  names: readonly Name[],
): Readonly<Record<Name, number>> {
  const places = names.map((name) => {
    const place = table.columns.indexOf(name);
    if (place < 0) throw new VerifyError("CSV_FORMAT", `column ${name} is missing`);
    return [name, place] as const;
  });
  return Object.fromEntries(places) as Record<Name, number>;
}

/** Prints one line in that form. A cell a spreadsheet would run gets a leading apostrophe (compliance 5.7). */
export function printCsvLine(fields: readonly (string | number)[]): string {
  return `${fields.map(printField).join(",")}\n`;
}

function printField(field: string | number): string {
  if (typeof field === "number") return `"${field}"`;
  const safe = /^[=+\-@\t\r]/.test(field) && !/^-?\d+$/.test(field) ? `'${field}` : field;
  return `"${safe.replaceAll('"', '""')}"`;
}

class Cursor implements CsvRow {
  fields = 0;
  at: number;
  private readonly file: Uint8Array;
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  constructor(file: Uint8Array, at: number) {
    this.file = file;
    this.at = at;
  }

  next(): boolean {
    this.fields = 0;
    if (this.at >= this.file.length) return false;
    for (;;) {
      this.field();
      const after = this.file[this.at];
      this.at += 1;
      if (after === newline) return true;
      if (after !== comma) throw new VerifyError("CSV_FORMAT", "a field ends in neither , nor LF");
    }
  }

  private field(): void {
    const { file } = this;
    if (file[this.at] !== quote) throw new VerifyError("CSV_FORMAT", "a field is not quoted");
    if (this.fields >= limits.csvColumnsMax) {
      throw new VerifyError("CSV_LIMIT", `more than ${limits.csvColumnsMax} columns`);
    }
    const start = this.at + 1;
    let end = file.indexOf(quote, start);
    while (end >= 0 && file[end + 1] === quote) end = file.indexOf(quote, end + 2);
    if (end < 0) throw new VerifyError("CSV_FORMAT", "a field is not closed");
    if (end - start > limits.csvFieldBytesMax) {
      throw new VerifyError("CSV_LIMIT", `a field exceeds ${limits.csvFieldBytesMax} bytes`);
    }
    this.starts[this.fields] = start;
    this.ends[this.fields] = end;
    this.fields += 1;
    this.at = end + 1;
  }

  text(column: number): string {
    const text = utf8Decode(this.file.subarray(this.starts[column] ?? 0, this.ends[column] ?? 0));
    return text.includes('"') ? text.replaceAll('""', '"') : text;
  }
}
