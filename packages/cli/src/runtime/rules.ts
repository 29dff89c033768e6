import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Rule, readRule } from "@custody/detections";
import { parse } from "yaml";
import { Stop } from "../exit-code.ts";

/** Rule files of one folder. A folder with more is the wrong one. */
const filesMax = 500;
/** Bytes of one rule file. */
const fileBytesMax = 65_536;

/** The folder of the rules that ship: beside the sources and the build of their package alike. */
const shipped = fileURLToPath(new URL("../rules", import.meta.resolve("@custody/detections")));

/**
 * The rules that ship, and over them those of the operator's own folder: one of the same id takes the place of ours, under a version of its own, since
 * one rule in one version is one thing. A file that does not hold is named with its field, and nothing starts.
 */
export function loadRules(folder: string | undefined): readonly Rule[] {
  const rules = new Map(rulesIn(shipped).map(({ rule }) => [rule.id, rule]));
  for (const { rule, path } of folder === undefined ? [] : rulesIn(folder)) {
    const ours = rules.get(rule.id);
    if (ours?.version === rule.version && textOf(ours) !== textOf(rule)) {
      throw fault(
        path,
        `version: ${rule.id} ${rule.version} is another rule already; take another`,
      );
    }
    rules.set(rule.id, rule);
  }
  return [...rules.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
}

interface RuleFile {
  readonly rule: Rule;
  readonly path: string;
}

function rulesIn(folder: string): readonly RuleFile[] {
  const found = filesOf(folder).map((path) => ({ rule: ruleOf(path), path }));
  const ids = new Map<string, string>();
  for (const { rule, path } of found) {
    const other = ids.get(rule.id);
    if (other !== undefined) throw fault(path, `id: ${rule.id} is in ${other} too`);
    ids.set(rule.id, path);
  }
  return found;
}

function filesOf(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
    if (names.length > filesMax)
      throw new Stop("usage", `${folder} has more than ${filesMax} rule files`);
    return names.sort().map((name) => join(folder, name));
  } catch (cause) {
    if (cause instanceof Stop) throw cause;
    const { message } = cause as Error;
    throw new Stop("usage", `the rules folder ${folder} cannot be read: ${message}`, { cause });
  }
}

function ruleOf(path: string): Rule {
  const verdict = readRule(parsed(path));
  if (verdict.outcome === "invalid") throw fault(path, verdict.problem);
  return verdict.rule;
}

function parsed(path: string): unknown {
  try {
    const text = readFileSync(path, "utf8");
    if (text.length > fileBytesMax) throw fault(path, `longer than ${fileBytesMax} bytes`);
    return parse(text);
  } catch (cause) {
    if (cause instanceof Stop) throw cause;
    throw fault(path, (cause as Error).message);
  }
}

function fault(path: string, problem: string): Stop {
  return new Stop("usage", `the rule file ${path} does not hold: ${problem}`);
}

function textOf({ search: _, scopes: __, ...text }: Rule): string {
  return JSON.stringify(text);
}
