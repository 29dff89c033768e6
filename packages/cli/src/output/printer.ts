import { type ColumnOf, table } from "./table.ts";

/** How a command speaks: to a person in lines and tables, to a program in JSON. Nothing is coloured unless on a terminal. */
export interface Printer {
  readonly json: boolean;
  /** A line for people; nothing in JSON mode. */
  line(text: string): void;
  /** A progress line on stderr, overwritten on a terminal; nothing in JSON mode. */
  progress(text: string): void;
  /** One JSON value a line in JSON mode; what `people` prints otherwise. */
  value(value: unknown, people: () => void): void;
  table<T>(rows: readonly T[], columns: readonly ColumnOf<T>[]): void;
}

export function createPrinter(json: boolean): Printer {
  const line = (text: string): void => {
    if (!json) process.stdout.write(`${text}\n`);
  };
  return {
    json,
    line,
    progress(text) {
      if (json) return;
      process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
    },
    value(value, people) {
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
      else people();
    },
    table(rows, columns) {
      const width = process.stdout.isTTY ? process.stdout.columns : 120;
      for (const text of table(rows, columns, width)) line(text);
    },
  };
}
