import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Rule, readRule } from "@custody/detections";
import { parse } from "yaml";

const folder = fileURLToPath(new URL("../../packages/detections/rules", import.meta.url));

export const ruleFiles: readonly string[] = readdirSync(folder).sort();

/** The rules as they ship, read by the one who runs them. */
export const shippedRules: readonly Rule[] = ruleFiles.map((name) => {
  const verdict = readRule(parse(readFileSync(`${folder}/${name}`, "utf8")));
  if (verdict.outcome === "invalid") throw new Error(`${name}: ${verdict.problem}`);
  return verdict.rule;
});
