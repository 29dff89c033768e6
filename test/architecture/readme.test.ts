import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = readFileSync(`${root}/README.md`, "utf8");

/** Fenced blocks marked `run`, line by line; `npx custody` is the one of this checkout. */
const commands = [...readme.matchAll(/```sh run\n([\s\S]*?)```/g)].flatMap(([, block = ""]) =>
  block.split("\n").filter((line) => line.trim() !== ""),
);

test("every README block marked `run` runs and exits 0", () => {
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) {
    const args = command.replace(/^npx custody /, "").split(" ");
    const { status, stderr } = spawnSync(process.execPath, [
      `${root}/packages/cli/bin/custody.js`,
      ...args,
    ]);
    expect(status, `${command}: ${stderr}`).toBe(0);
  }
});

test("every custody command the README shows exists", () => {
  const shown = [...readme.matchAll(/npx custody ([a-z]+)/g)].map(([, name = ""]) => name);
  const help = spawnSync(process.execPath, [
    `${root}/packages/cli/bin/custody.js`,
    "--help",
  ]).stdout.toString();
  for (const name of new Set(shown)) expect(help).toMatch(new RegExp(`^  ${name}\\b`, "m"));
});

test("every file the prose names is there", () => {
  for (const [, path = ""] of readme.matchAll(
    /`((?:packages|test|deploy)\/[\w./-]+|[A-Z]+\.md)`/g,
  )) {
    expect(() => readFileSync(`${root}/${path}`), path).not.toThrow();
  }
});
