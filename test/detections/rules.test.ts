import { conditions } from "@custody/detections";
import { test } from "vitest";
import { holdBlock } from "./held-block.ts";
import { shippedRules } from "./shipped-rules.ts";

test("the table of rules in the readme is what the rule files say", () => {
  holdBlock("rules", [
    "| rule | finds | severity by case | ATLAS | ATT&CK | OWASP | silent without |",
    "|---|---|---|---|---|---|---|",
    ...shippedRules.map(({ id, version, title, severity, references, condition }) => {
      const cases = Object.entries(severity).map(([name, level]) => `${name} ${level}`);
      const { inputs } = conditions[condition.name];
      const ids = (list: readonly string[]): string => list.join(" ") || "none";
      return `| ${id} v${version} | ${title} | ${cases.join(", ")} | ${ids(references.atlas)} | ${ids(references.attack)} | ${ids(references.owasp)} | ${inputs.join(" ")} |`;
    }),
  ]);
});
