import { expect, test } from "vitest";
import { searchWords } from "./search-words.ts";

test("words are runs of letters and digits, lower case, each once", () => {
  expect(searchWords("Deploy.Region=EU-7 deploy")).toEqual(["deploy", "region", "eu", "7"]);
});

test("text outside ASCII stays as it is, as the index keeps it", () => {
  expect(searchWords("Škofja Loka")).toEqual(["Škofja", "loka"]);
});

test("patterns are only words", () => {
  expect(searchWords("%_*'; DROP TABLE")).toEqual(["drop", "table"]);
  expect(searchWords("'\\\n%")).toEqual([]);
});

test("a search has at most sixteen words", () => {
  expect(searchWords(Array.from({ length: 99 }, (_, index) => `w${index}`).join(" "))).toHaveLength(
    16,
  );
});
