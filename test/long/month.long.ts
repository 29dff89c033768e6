import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { shippedRules } from "../detections/shipped-rules.ts";
import { shortMonth2, wholeMonth2 } from "../month/month.ts";
import { compareOrders } from "../month/run/compare-orders.ts";
import { measure } from "../month/run/measure.ts";
import { type Measured, percent, perThousand, sumOf } from "../month/run/table.ts";

const seed = Number(process.env["MONTH_SEED"]);
const kept = fileURLToPath(new URL("../month/measured.json", import.meta.url));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

test("a generated month of 200 agents under the rules as they ship", () => {
  const month = measure(wholeMonth2, shippedRules);
  const found = sumOf(month, (row) => row.found);
  const incidents = sumOf(month, (row) => row.incidents);
  const right = sumOf(month, (row) => row.right);
  const wrong = sumOf(month, (row) => row.wrong);
  say(`${month.sessions} sessions, ${month.calls} calls, ${month.records} records`);
  say(`${found} of ${incidents} incidents found, recall ${percent(found, incidents)}`);
  say(`${right} findings right, ${wrong} wrong, precision ${percent(right, right + wrong)}`);
  say(`${perThousand(wrong, month.calls)} wrong findings in 1,000 calls`);
  if (process.env["CUSTODY_WRITE_TABLES"] === "1") {
    const { model = "unknown" } = cpus()[0] ?? {};
    const measured: Measured = {
      date: new Date().toISOString().slice(0, 10),
      machine: `${cpus().length} cores (${model.trim()}), Node ${process.versions.node}`,
      month,
      short: measure(shortMonth2, shippedRules),
    };
    writeFileSync(kept, `${JSON.stringify(measured, undefined, 1)}\n`);
  }
  const before = (JSON.parse(readFileSync(kept, "utf8")) as Measured).month;
  expect(found).toBeGreaterThanOrEqual(sumOf(before, (row) => row.found));
});

test(`the same month late and repeated, seed ${seed}`, () => {
  const orders = compareOrders(wholeMonth2, shippedRules, { seed, everyMs: 6 * 3_600_000 });
  const { differing, ...counts } = orders;
  say(JSON.stringify(counts));
  expect(orders.late / orders.records).toBeGreaterThan(0.3);
  expect(differing.records).toEqual([]);
  expect(differing.actions.map((text) => text.slice(0, 300))).toEqual([]);
  expect(differing.findings.map((text) => text.slice(0, 300))).toEqual([]);
});
