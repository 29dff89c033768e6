import { describe, expect, test } from "vitest";
import { ruleFiles, shippedRules } from "../../../test/detections/shipped-rules.ts";
import { conditionNames, conditions } from "./conditions.ts";
import { readRule } from "./rule.ts";

test("every rule that ships can be read, stands in a file of its name, and every condition is used", () => {
  expect(ruleFiles).toEqual(shippedRules.map(({ id }) => `${id}.yaml`));
  expect(shippedRules.map(({ condition }) => condition.name).sort()).toEqual([...conditionNames]);
});

test("every condition names its cases, and the records without which it is silent", () => {
  for (const name of conditionNames) {
    expect(conditions[name].cases.length).toBeGreaterThan(0);
    expect(conditions[name].inputs.length).toBeGreaterThan(0);
  }
});

describe("a rule is refused", () => {
  const good = {
    id: "D-NET-01",
    version: "1",
    title: "t",
    severity: { allowed: "high", denied: "low" },
    condition: { name: "egress_not_listed", parameters: {} },
    references: { atlas_version: "1", atlas: [], attack_version: "18", attack: [], owasp: [] },
    next: "n",
  };
  const problem = (over: object): string | undefined => {
    const verdict = readRule({ ...good, ...over });
    return verdict.outcome === "invalid" ? verdict.problem : undefined;
  };

  test("not as long as it is right", () => {
    expect(readRule(good).outcome).toBe("ok");
  });

  test("where a case has no severity, or a severity no case", () => {
    const said = "severity: give one for each of allowed, denied";
    expect(problem({ severity: { allowed: "high" } })).toBe(said);
    expect(problem({ severity: { allowed: "high", denied: "low", asked: "low" } })).toBe(said);
  });

  test("where its condition is not one of the list, or its parameters are not the condition's", () => {
    expect(problem({ condition: { name: "eval", parameters: {} } })).toContain("condition.name");
    expect(
      problem({ condition: { name: "egress_not_listed", parameters: { hosts: [] } } }),
    ).toContain("condition.parameters");
    expect(problem({ condition: { name: "constructor", parameters: {} } })).toBeDefined();
  });

  test("where a member is unknown, an id is none, or it is no object at all", () => {
    expect(problem({ action: "delete" })).toBeDefined();
    expect(problem({ id: "../D-NET-01" })).toBeDefined();
    for (const parsed of [null, "D-NET-01", [], 1]) {
      expect(readRule(parsed).outcome).toBe("invalid");
    }
  });
});
