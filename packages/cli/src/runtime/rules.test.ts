import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { shippedRules } from "../../../../test/detections/shipped-rules.ts";
import { loadRules } from "./rules.ts";

const folder = mkdtempSync(join(tmpdir(), "custody-rules-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ships = new URL("../../../detections/rules/D-NET-01.yaml", import.meta.url);
const text = readFileSync(ships, "utf8");

function loaded(file: string): () => readonly string[] {
  writeFileSync(join(folder, "own.yaml"), file);
  return () => loadRules(folder).map(({ id, version }) => `${id} ${version}`);
}

test("the rules that ship are loaded, each once, in the order of their ids", () => {
  expect(loadRules(undefined).map(({ id }) => id)).toEqual(shippedRules.map(({ id }) => id).sort());
});

test("a rule of the operator's own takes the place of ours under a version of its own", () => {
  const rules = loaded(text.replace('version: "1"', 'version: "100"').replace("high", "low"))();
  expect(rules).toContain("D-NET-01 100");
  expect(rules).toHaveLength(shippedRules.length);
});

test("a file that does not hold is named with its field, and nothing starts", () => {
  expect(loaded(text.replace("high", "loud"))).toThrow(/own\.yaml does not hold: severity/);
  expect(loaded("id: [")).toThrow(/own\.yaml does not hold/);
  expect(loaded(text.replace("high", "low"))).toThrow(/own\.yaml does not hold: version/);
});
