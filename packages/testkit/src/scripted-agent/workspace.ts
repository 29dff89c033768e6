import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

export interface ScriptedWorkspace {
  readonly folder: string;
  remove(): Promise<void>;
}

const files: Readonly<Record<string, string>> = {
  "package.json": `${JSON.stringify({ name: "greeter", version: "1.0.0", private: true, type: "module", scripts: { test: "node --test" } }, null, 2)}\n`,
  "src/greet.js": 'export function greet(name) {\n  return "Hello!";\n}\n',
  "test/greet.test.js":
    'import { strictEqual } from "node:assert";\nimport { test } from "node:test";\nimport { greet } from "../src/greet.js";\n\ntest("greets by name", () => strictEqual(greet("Ada"), "Hello, Ada!"));\n',
  "vendor/left-pad/package.json": `${JSON.stringify({ name: "left-pad", version: "1.3.0", main: "index.js" }, null, 2)}\n`,
  "vendor/left-pad/index.js":
    "module.exports = (text, length, fill = ' ') => String(text).padStart(length, fill);\n",
};

/** A small project in a temporary git repository, with the failing test the scripted agent fixes. */
export async function createScriptedWorkspace(): Promise<ScriptedWorkspace> {
  const folder = await mkdtemp(join(tmpdir(), "custody-workspace-"));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  await commitAll(folder);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A machine without git still runs the scenario; only the history is missing. */
async function commitAll(folder: string): Promise<void> {
  const run = promisify(execFile);
  const person = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  const commands = [
    ["init", "--quiet", "--initial-branch=main"],
    ["add", "."],
    [...person, "commit", "--quiet", "-m", "A greeter with a failing test"],
  ];
  try {
    for (const command of commands) await run("git", command, { cwd: folder });
  } catch {
    return;
  }
}
