import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { capturedAgents } from "../captures/captured-agents.ts";

const script = fileURLToPath(new URL("ingest.mjs", import.meta.url));

/** No number is asserted: a benchmark is never a timed test (design 9). */
test("the benchmark runs every contender, loses no acknowledged record, and prints its table", () => {
  const args = ["--rounds", "1", "--spans", "2000", "--warmup", "100"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  for (const ratio of [
    "Custody / engine alone, parts as Custody's",
    "Custody / batch files alone",
    "Custody / obvious pipeline",
  ]) {
    expect(stdout).toMatch(new RegExp(`^\\| ${ratio} \\| \\d+\\.\\d\\d x `, "m"));
  }
  expect(stdout).toMatch(/^\| Disk, tables and tiles without text index, all merged \| \d/m);
});

test("the benchmark says what is wrong with its options, and measures nothing then", () => {
  const { status, stdout } = spawnSync(process.execPath, [script, "--spans", "few"], {
    encoding: "utf8",
  });
  expect(status).toBe(2);
  expect(stdout).toMatch(/--spans is a whole number/);
});

test("the benchmark of the dialects reads every agent's captures and prints its table", () => {
  const dialects = fileURLToPath(new URL("dialects.mjs", import.meta.url));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [dialects, "--rounds", "1", "--ms", "5"],
    { encoding: "utf8" },
  );
  expect(status, stderr).toBe(0);
  // Its own export is JSON and no OTLP.
  for (const agent of capturedAgents.filter((name) => name !== "openai-agents-native")) {
    expect(stdout).toMatch(new RegExp(`^\\| ${agent} \\| \\d+ k \\| `, "m"));
  }
});
