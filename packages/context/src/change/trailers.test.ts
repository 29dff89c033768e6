import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { parseTrailers } from "./trailers.ts";

const said = (message: string): readonly string[] =>
  parseTrailers(message).map(({ token, value }) => `${token}: ${value}`);

test("the last paragraph is read, values are unfolded, and a title alone has no trailers", () => {
  expect(
    said("Fix: the cart\n\nBody.\n\nAgent-Session: s-1\nCo-Authored-By: Claude\n  <a@b>\n"),
  ).toEqual(["Agent-Session: s-1", "Co-Authored-By: Claude <a@b>"]);
  expect(said("Agent-Session: s-1\n")).toEqual([]);
  expect(said("Fix\n\nAgent-Session: s-1\n\nAnd more text.")).toEqual([]);
});

test("a word in a sentence is no trailer, unless git wrote one beside it", () => {
  expect(said("Fix\n\nI said so.\nAgent-Session: s-1")).toEqual([]);
  expect(said("Fix\n\nI said so.\nAgent-Session: s-1\nSigned-off-by: Ada <a@b>")).toEqual([
    "Agent-Session: s-1",
    "Signed-off-by: Ada <a@b>",
  ]);
});

const gitIsThere = ((): boolean => {
  try {
    execFileSync("git", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

// Lines that git's rules treat differently, put together by a generator with a fixed seed.
const lines = [
  "Agent-Session: s-1",
  "Co-Authored-By: Claude <noreply@anthropic.com>",
  "Signed-off-by: Ada <ada@example.com>",
  "(cherry picked from commit 0123456789012345678901234567890123456789)",
  "Some words of text",
  "  continued here",
  "\tand here",
  "# a comment",
  "Key : spaced",
  "two words: no token",
  "Url: https://example.com/a:b",
  ": nothing",
  "Empty:",
  "---",
  "",
  "",
  " ",
];

test.skipIf(!gitIsThere)("git itself reads the same trailers of 300 messages", () => {
  let seed = 7;
  const next = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  const messages = Array.from({ length: 300 }, () =>
    ["Title", ...Array.from({ length: 1 + next(9) }, () => lines[next(lines.length)])].join("\n"),
  );

  const marked = messages.map((message) => `${message}\n`);
  for (const message of marked) {
    const told = execFileSync("git", ["interpret-trailers", "--parse", "--no-divider"], {
      input: message,
      encoding: "utf8",
    });
    const expected = told.split("\n").filter((line) => line !== "");
    expect([message, said(message).map((line) => line.trimEnd())]).toEqual([
      message,
      expected.map((line) => line.trimEnd()),
    ]);
  }
});
