import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { shortMonth2 } from "../month/month.ts";
import { measure } from "../month/run/measure.ts";
import { reasonOf } from "../month/run/reasons.ts";
import { type Beside, kindsTable, type Measured, monthTable } from "../month/run/table.ts";
import { holdBlock } from "./held-block.ts";
import { judged } from "./judged.ts";
import { shippedRules } from "./shipped-rules.ts";

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const kept = path("../month/measured.json");
const measured = (): Measured => JSON.parse(readFileSync(kept, "utf8")) as Measured;

test("on a short generated month the rules find what they found when the whole one was measured, and say no more that is wrong", () => {
  const short = measure(shortMonth2, shippedRules);
  if (process.env["CUSTODY_WRITE_TABLES"] === "1") {
    writeFileSync(kept, `${JSON.stringify({ ...measured(), short }, undefined, 1)}\n`);
  }
  const before = new Map(measured().short.rows.map((row) => [row.family, row]));
  const worse = short.rows.flatMap(({ family, found, wrong }) => {
    const { found: foundBefore = 0, wrong: wrongBefore = 0 } = before.get(family) ?? {};
    const isWorse = found < foundBefore || wrong > wrongBefore;
    return isWorse
      ? [`${family}: found ${found}, was ${foundBefore}; wrong ${wrong}, was ${wrongBefore}`]
      : [];
  });
  expect(worse, "if it is meant: CUSTODY_WRITE_TABLES=1, and npm run test:month").toEqual([]);
});

test("the tables of the generated month in the readme are what was measured", () => {
  holdBlock("month", monthTable(measured(), besideOf));
  holdBlock("month-kinds", kindsTable(measured(), reasonOf));
});

/** What the captures and the variants say of the same rule. */
function besideOf(family: string): Beside {
  const readme = readFileSync(path("../../packages/detections/README.md"), "utf8");
  const calls = Number(/times in ([0-9]+) calls/.exec(readme)?.[1] ?? 0);
  const per = (verdict: string): number => {
    const own = judged.filter(
      ({ finding, verdict: said }) =>
        said === verdict && (family === "all" || finding.startsWith(`${family} `)),
    );
    const count = own.flatMap(({ captures }) => Object.values(captures));
    return Math.ceil((count.reduce((sum, one) => sum + one, 0) * 1_000) / calls);
  };
  return {
    captures: `${per("true")}, ${per("benign")}, ${per("false")}`,
    variants: variantsSeen(readme, family),
  };
}

/** Which acts of the variants a rule is there for. */
const acts: Readonly<Record<string, string>> = {
  "D-DST-01": "destructive",
  "D-SEC-01": "secret",
  "D-NET-01": "egress",
  "D-PKG-01": "package",
  "D-FS-02": "config",
};

/** From the table of variants: how many are named of how many. */
function variantsSeen(readme: string, family: string): string {
  const act = acts[family];
  const row = act && new RegExp(`^\\| ${act} \\| ([0-9]+) \\| ([0-9]+) `, "m").exec(readme);
  return row ? `${row[2] ?? "0"} of ${row[1] ?? "0"}` : "–";
}
