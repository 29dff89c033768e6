import { utf8Encode } from "@custody/proof";
import fc from "fast-check";
import { expect, test } from "vitest";
import { printRow, visitRows } from "./row.ts";

const read = (file: string): (readonly [number, string])[] => {
  const rows: (readonly [number, string])[] = [];
  visitRows(utf8Encode(file), (leaf, bytes, length) => {
    rows.push([leaf, new TextDecoder().decode(bytes.slice(0, length))]);
  });
  return rows;
};

test("rows come back exactly, whatever their canonical text says", () => {
  const leaf = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  const canonical = fc.json().map((text) => JSON.stringify({ text }));
  fc.assert(
    fc.property(fc.array(fc.tuple(leaf, canonical), { maxLength: 6 }), (rows) => {
      expect(read(rows.map(([i, c]) => printRow(i, c)).join(""))).toEqual(rows);
      for (const [i, c] of rows) expect(JSON.parse(printRow(i, c))).toEqual({ i, c });
    }),
  );
});

test.each([
  '{"i":1,"c":"{}"}',
  '{"i":01,"c":"{}"}\n',
  '{"i":-1,"c":"{}"}\n',
  '{"i":,"c":"{}"}\n',
  '{"i":9007199254740992,"c":"{}"}\n',
  '{"c":"{}","i":1}\n',
  '{"i":1, "c":"{}"}\n',
  '{"i":1,"c":"{}" }\n',
  '{"i":1,"c":"{}"}\r\n',
  '{"i":1,"c":"{}","d":""}\n',
  '{"i":1,"c":"a\\nb"}\n',
  '{"i":1,"c":"\\u0041"}\n',
  '{"i":1,"c":"\\"}\n',
  '{"i":1,"c"\n',
  "\n",
  '{"i":1,"c":"{}"}\n\n',
])("%j is refused as a row", (file) => {
  expect(() => read(file)).toThrow(expect.objectContaining({ code: "ROW_FORMAT" }));
});

test("a line longer than any record is refused before it is read", () => {
  expect(() => read(printRow(1, "x".repeat(131_200)))).toThrow(
    expect.objectContaining({ code: "ROW_FORMAT" }),
  );
});
