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

test("a command is one under any tool's name, and a file tool's own verb is none", () => {
  const lie = JSON.stringify({ command: "rm -rf /" });
  expect(callPrograms("read_file", "fs", lie)).toEqual([{ program: "rm", words: ["-rf", "/"] }]);
  const verb = JSON.stringify({ command: "str_replace", path: "a.ts" });
  expect(callPrograms("str_replace_editor", "fs", verb)).toEqual([]);
});

test("a script that was written before is read when it is run", () => {
  const files = new Map([["x.sh", "git push --force"]]);
  const text = JSON.stringify({ command: "bash ./x.sh" });
  expect(callPrograms("Bash", "exec", text, files)).toContainEqual({
    program: "git",
    words: ["push", "--force"],
  });
  expect(callPrograms("Bash", "exec", text)).toEqual([{ program: "bash", words: ["./x.sh"] }]);
});

test("a file tool runs nothing, whatever stands in the file", () => {
  expect(callPrograms("Write", "fs", JSON.stringify({ content: "rm -rf /" }))).toEqual([]);
});
