import { utf8Encode } from "@custody/proof";
import fc from "fast-check";
import { expect, test } from "vitest";
import { columnsOf, openCsv, printCsvLine } from "./csv.ts";

const read = (text: string): string[][] => {
  const table = openCsv(utf8Encode(text));
  const rows: string[][] = [];
  table.visit((row) => rows.push(table.columns.map((_, i) => row.text(i))));
  return rows;
};

test("tables come back as they were printed, whatever stands in their cells", () => {
  const cell = fc.oneof(fc.string(), fc.constantFrom('"', '""', ",", "\n", '","', "\r\n", "é😀"));
  const safe = cell.filter((text) => !/^[=+\-@\t\r]/.test(text));
  fc.assert(
    fc.property(fc.array(fc.tuple(safe, safe, safe), { maxLength: 5 }), (rows) => {
      const text = printCsvLine(["a", "b", "c"]) + rows.map((row) => printCsvLine(row)).join("");
      expect(read(text)).toEqual(rows);
    }),
  );
});

test.each(["=1+1", "+1 call", "-cmd", "@SUM(A1)", "\t=1", "\r=1"])(
  "a cell that a spreadsheet would run, %j, gets an apostrophe",
  (cell) => {
    expect(printCsvLine([cell])).toBe(`"'${cell}"\n`);
  },
);

test("numbers stay numbers, negative ones too", () => {
  expect(printCsvLine([-5, "-5", 0])).toBe('"-5","-5","0"\n');
});

test.each([
  ["an unquoted field", '"a"\nb\n'],
  ["a field that is not closed", '"a"\n"b\n'],
  ["bytes behind a quote", '"a"\n"b"c\n'],
  ["a missing newline at the end", '"a"\n"b"'],
  ["a carriage return", '"a"\r\n"b"\r\n'],
  ["a row that is too short", '"a","b"\n"c"\n'],
  ["a row that is too long", '"a"\n"b","c"\n'],
  ["an empty line", '"a"\n\n"b"\n'],
  ["a column twice", '"a","a"\n'],
])("a table with %s is refused", (_, text) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ code: "CSV_FORMAT" }));
});

test("a table with too many columns, or too long a field, is refused", () => {
  const limit = expect.objectContaining({ code: "CSV_LIMIT" });
  expect(() => read(printCsvLine(Array.from({ length: 65 }, (_, i) => `c${i}`)))).toThrow(limit);
  expect(() => read(printCsvLine(["x".repeat(65_536)]))).toThrow(limit);
});

test("a column that is missing is named", () => {
  expect(() => columnsOf(openCsv(utf8Encode('"a"\n')), ["a", "leaf_index"])).toThrow(/leaf_index/);
});
