import { utf8Decode } from "@custody/proof";
import { VerifyError } from "./errors.ts";
import { limits } from "./limits.ts";

/** A table as bytes and the places of its fields: a population of a million items is read without a million strings. */
export interface CsvRow {
  /** The field of a column, decoded; doubled quotes are single again. */
  text(column: number): string;
  /** Whether the field is exactly these bytes. */
  says(column: number, word: Uint8Array): boolean;
  /** The field as a canonical decimal from 0, or -1. */
  count(column: number): number;
  /** Whether the field is the lower-case hex of these bytes. */
  isHexOf(column: number, bytes: Uint8Array): boolean;
}

export interface CsvTable {
  readonly columns: readonly string[];
  /** Visits every row behind the header, in order. The row is reused: read it before returning. */
  visit(each: (row: CsvRow, index: number) => void): void;
}

const quote = 0x22;
const comma = 0x2c;
const newline = 0x0a;
const digitZero = 0x30;
const hexDigits = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));

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

  says(column: number, word: Uint8Array): boolean {
    const start = this.starts[column] ?? 0;
    if ((this.ends[column] ?? 0) - start !== word.length) return false;
    for (let i = 0; i < word.length; i++) if (this.file[start + i] !== word[i]) return false;
    return true;
  }

  count(column: number): number {
    const start = this.starts[column] ?? 0;
    const end = this.ends[column] ?? 0;
    const length = end - start;
    if (length === 0 || length > 16 || (length > 1 && this.file[start] === digitZero)) return -1;
    let value = 0;
    for (let at = start; at < end; at++) {
      const digit = (this.file[at] ?? 0) - digitZero;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return Number.isSafeInteger(value) ? value : -1;
  }

  isHexOf(column: number, bytes: Uint8Array): boolean {
    const start = this.starts[column] ?? 0;
    if ((this.ends[column] ?? 0) - start !== 2 * bytes.length) return false;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] ?? 0;
      const high = this.file[start + 2 * i] === hexDigits[byte >> 4];
      if (!high || this.file[start + 2 * i + 1] !== hexDigits[byte & 15]) return false;
    }
    return true;
  }
}
