import { expect, test } from "vitest";
import { callWrites } from "./call-touches.ts";
import { callTouches } from "./index.ts";

const shell = (command: string): string => JSON.stringify({ command });
const touched = (command: string): readonly string[] =>
  callTouches("Bash", "exec", shell(command)).map(({ path }) => path);
const written = (command: string): readonly string[] => callWrites("Bash", "exec", shell(command));

test("what a command may write is touched, and of that only what its output is sent to is an effect", () => {
  expect(touched("cp a b; sort c > d")).toEqual(["b", "b/a", "d"]);
  expect(written("cp a b; sort c > d")).toEqual(["d"]);
  expect(written("sort c > /dev/null")).toEqual([]);
});

test("a file stands where an earlier command of the text went, for effects as for rules", () => {
  expect(written("cd sub && sort c > d")).toEqual(["sub/d"]);
  expect(touched("cd sub && sort c > d")).toEqual(["sub/d"]);
});

test("a hundred other files do not hide the one behind them from the rules", () => {
  const others = Array.from({ length: 100 }, (_, at) => `f${at}`).join(" ");
  expect(touched(`touch ${others} ~/.bashrc`)).toContain("~/.bashrc");
});

test("what a tool is told to read is no write, unless it is written too", () => {
  const both = JSON.stringify({ file_path: "a.ts", command: "sort b > a.ts" });
  expect(callTouches("Read", "fs", both)).toEqual([{ path: "a.ts", access: "write" }]);
  expect(callTouches("Read", "fs", JSON.stringify({ file_path: "a.ts" }))).toEqual([
    { path: "a.ts", access: "read" },
  ]);
});
