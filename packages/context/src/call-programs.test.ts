import { expect, test } from "vitest";
import { callPrograms } from "./index.ts";

test("a call names the programs it would run, wrappers and folders taken off, shells inside shells included", () => {
  const text = JSON.stringify({ command: "cd a && sudo /usr/bin/git push; bash -c 'rm -rf b'" });
  expect(callPrograms("Bash", "exec", text)).toEqual([
    { program: "cd", words: ["a"] },
    { program: "git", words: ["push"] },
    { program: "bash", words: ["-c", "rm -rf b"] },
    { program: "rm", words: ["-rf", "b"] },
  ]);
});

test("a file tool runs nothing, whatever stands in the file", () => {
  expect(callPrograms("Write", "fs", JSON.stringify({ content: "rm -rf /" }))).toEqual([]);
});
