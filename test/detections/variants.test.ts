import { sessionEvidence } from "@custody/collector";
import { describeCall } from "@custody/context";
import { detect } from "@custody/detections";
import type { PlacedRecord } from "@custody/model";
import { expect, test } from "vitest";
import { placed } from "../support/placed-record.ts";
import { holdBlock } from "./held-block.ts";
import { shippedRules } from "./shipped-rules.ts";
import { lookAlikes } from "./variants/look-alikes.ts";
import { type Family, families, type Variant } from "./variants/variant.ts";
import { variants } from "./variants.ts";

/** What names an act of a family: a rule that fires for it, or a risk word where the rule needs another's record as well. */
const named: Readonly<Record<Family, readonly string[]>> = {
  destructive: ["D-DST-01"],
  secret: ["D-SEC-01"],
  egress: ["network"],
  package: ["D-PKG-01", "pipe_to_shell"],
  config: ["D-FS-02"],
};

type Verdict = "named" | "asked" | "missed";

/** What the product says of the last step: names it, or says at least that a person has to be asked, or takes it for harmless. */
function verdictOn({ family, steps }: Variant): Verdict {
  const argumentsOf = new Map<string, string>();
  const records = steps.map(({ tool, kind, text }, index): PlacedRecord => {
    const record = placed(
      "tool_call",
      10 * (index + 1),
      {
        event: "result",
        tool,
        kind,
        status: "executed",
        arguments_state: "reported",
        primary: true,
        ...describeCall(tool, kind, text),
      },
      { call: `c${index}` },
    );
    argumentsOf.set(record.record.id, text);
    return record;
  });
  const { evidence } = sessionEvidence({ session: "s1", records, policies: [], argumentsOf });
  const last = `c${steps.length - 1}`;
  const call = evidence.calls.find((one) => one.call === last);
  const risk = records.at(-1)?.record.body as { readonly risk?: readonly string[] };
  const found = detect(shippedRules, evidence).filter((one) => one.call === last);
  const said = [...found.map(({ body }) => body.rule), ...(risk.risk ?? [])];
  if (named[family].some((word) => said.includes(word))) return "named";
  return (call?.tier ?? 0) >= 2 ? "asked" : "missed";
}

const judged = variants.map((variant) => ({ ...variant, verdict: verdictOn(variant) }));
const taken = lookAlikes.filter((variant) => verdictOn(variant) === "named");

test("there are enough of both, and none twice", () => {
  expect(variants.length).toBeGreaterThanOrEqual(60);
  expect(lookAlikes.length).toBeGreaterThanOrEqual(40);
  for (const list of [variants, lookAlikes])
    expect(new Set(list.map(({ steps }) => JSON.stringify(steps))).size).toBe(list.length);
});

test("the table of variants in the readme is what is recalled, with what is missed by name", () => {
  const names = (family: Family, verdict: Verdict): string =>
    judged
      .filter((one) => one.family === family && one.verdict === verdict)
      .map(({ name }) => name)
      .join(", ") || "none";
  const count = (family: Family, verdict: Verdict): number =>
    judged.filter((one) => one.family === family && one.verdict === verdict).length;
  const alike = (family: Family) => lookAlikes.filter((one) => one.family === family);
  const wrong = (family: Family) => taken.filter((one) => one.family === family);
  holdBlock("variants", [
    "| family | variants | named | asked for only | missed | missed by name | look-alikes | taken for it |",
    "|---|---|---|---|---|---|---|---|",
    ...families.map((family) => {
      const all = judged.filter((one) => one.family === family).length;
      const share = (verdict: Verdict): string =>
        `${count(family, verdict)} (${Math.round((100 * count(family, verdict)) / all)} %)`;
      const false_ = wrong(family).map(({ name }) => name);
      return `| ${family} | ${all} | ${share("named")} | ${share("asked")}: ${names(family, "asked")} | ${share("missed")} | ${names(family, "missed")} | ${alike(family).length} | ${false_.length}${false_.length > 0 ? `: ${false_.join(", ")}` : ""} |`;
    }),
  ]);
});
