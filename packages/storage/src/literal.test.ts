import type { SqlValue } from "@custody/model";
import { expect, test } from "vitest";
import { literal, quoted } from "./literal.ts";
import { bound, inlined } from "./placeholders.ts";

test("a quoted string holds no raw quote, backslash or control character", () => {
  expect(quoted("it's")).toBe("'it\\'s'");
  expect(quoted("a\\b")).toBe("'a\\\\b'");
  expect(quoted("a\n\nb\u0000\u007f")).toBe("'a\\x0a\\x0ab\\x00\\x7f'");
  expect(quoted("é😀{x:String}")).toBe("'é😀{x:String}'");
});

test.each<[string, SqlValue, string]>([
  ["UInt64", 5, "CAST('5', 'UInt64')"],
  ["Int64", -5n, "CAST('-5', 'Int64')"],
  ["Bool", true, "CAST('true', 'Bool')"],
  ["Array(String)", [], "CAST('[]', 'Array(String)')"],
  ["Array(String)", ["a'"], "CAST('[\\'a\\\\\\'\\']', 'Array(String)')"],
  [
    "DateTime64(9, 'UTC')",
    "2026-01-02T03:04:05.000000006Z",
    "CAST('2026-01-02 03:04:05.000000006', 'DateTime64(9, \\'UTC\\')')",
  ],
])("a %s is a cast of quoted text", (type, value, expected) => {
  expect(literal(type, value, "x")).toBe(expected);
});

test.each<[string, SqlValue]>([
  ["String", 5],
  ["String", "\ud800"],
  ["UInt64", -1],
  ["UInt64", 1.5],
  ["UInt64", "1 OR 1"],
  ["UInt64", 18446744073709551616n],
  ["UInt8", 256],
  ["Bool", "true"],
  ["Array(String)", "a"],
  ["Array(UInt64)", ["x"]],
  ["DateTime64(9, 'UTC')", "2026-01-02"],
  ["DateTime64(9, 'UTC')", "2026-13-02T03:04:05.000000006Z"],
  ["FixedString(16)", "x"],
  ["constructor", "x"],
])("a %s refuses %s", (type, value) => {
  expect(() => literal(type, value, "x")).toThrow(expect.objectContaining({ code: "STORE_PARAM" }));
});

test("what stands inside a value is never read as a placeholder", () => {
  const statement = {
    sql: "SELECT {a:String}, {b:String}",
    params: { a: "{b:String}", b: "$& $1" },
  };
  expect(inlined(statement)).toBe("SELECT '{b:String}', '$& $1'");
});

test("a placeholder without a value is refused, also one that objects have by nature", () => {
  for (const sql of ["SELECT {a:String}", "SELECT {constructor:String}"]) {
    expect(() => inlined({ sql, params: {} })).toThrow(
      expect.objectContaining({ code: "STORE_PARAM" }),
    );
    expect(() => bound({ sql, params: {} })).toThrow(
      expect.objectContaining({ code: "STORE_PARAM" }),
    );
  }
});

test("times past the range of the engine become its end", () => {
  const type = "DateTime64(9, 'UTC')";
  const end = "CAST('2262-01-01 00:00:00.000000000', 'DateTime64(9, \\'UTC\\')')";
  expect(literal(type, "9999-12-31T23:59:59.999999999Z", "x")).toBe(end);
});
