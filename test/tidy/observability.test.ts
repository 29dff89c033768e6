import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type MetricName, metricTable } from "@custody/collector";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { readExpression } from "../support/prom-expression.ts";

// `test/e2e/metrics.test.ts` holds the table to what a running process serves; this holds the dashboard and the rules to the table.

const folder = fileURLToPath(new URL("../../deploy/observability", import.meta.url));
const read = (name: string): string => readFileSync(`${folder}/${name}`, "utf8");

const rulesSchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string().regex(/^custody-[a-z]+$/),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Custody[A-Za-z]+$/),
          expr: z.string().min(1),
          for: z
            .string()
            .regex(/^\d+[mh]$/)
            .optional(),
          labels: z.strictObject({ severity: z.enum(["info", "warning", "critical"]) }),
          annotations: z.strictObject({ summary: z.string().min(10), next: z.string().min(40) }),
        }),
      ),
    }),
  ),
});
const rules = rulesSchema.parse(parse(read("alerts.yaml"))).groups.flatMap((group) => group.rules);

const panelSchema = z.object({
  id: z.number(),
  type: z.enum(["row", "stat", "timeseries"]),
  title: z.string().min(1),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).default([]),
});
const dashboard = z
  .object({ uid: z.literal("custody"), schemaVersion: z.number(), panels: z.array(panelSchema) })
  .parse(JSON.parse(read("grafana-dashboard.json")));
const targets = dashboard.panels.flatMap((panel) => panel.targets);

/** What Prometheus adds to every series it reads, and our own variable in the dashboard. */
const ofTheScrape: readonly string[] = ["instance"];

/** The labels a series may have, by the name that an expression uses. */
function labelsOf(name: string): readonly string[] | undefined {
  const isBucket = name.endsWith("_bucket");
  const base = name.replace(/_(?:bucket|sum|count)$/, "");
  const entry = metricTable[(isBucket ? base : name) as MetricName] as
    | (typeof metricTable)[MetricName]
    | undefined;
  if (entry === undefined || isBucket !== (entry.kind === "histogram")) return undefined;
  return [...entry.labels, ...ofTheScrape, ...(isBucket ? ["le"] : [])];
}

function holdExpression(expr: string): void {
  const { selected, grouped } = readExpression(expr);
  expect(selected.length, expr).toBeGreaterThan(0);
  for (const { metric, labels } of selected) {
    const known = labelsOf(metric);
    expect(known, `${metric} of ${expr}`).toBeDefined();
    for (const label of [...labels, ...grouped])
      expect(known, `${label} of ${expr}`).toContain(label);
  }
}

test("no metric has a label that a scrape sets itself: it would be renamed", () => {
  const taken = Object.entries(metricTable).filter(([, { labels }]) =>
    labels.some((label: string) => label === "job" || label === "instance"),
  );
  expect(taken.map(([name]) => name)).toEqual([]);
});

describe("the alert rules", () => {
  test("name only metrics and labels that are served", () => {
    for (const { expr } of rules) holdExpression(expr);
  });

  test("count what only rises by its pace, and compare what is read as it is", () => {
    for (const { expr } of rules) {
      for (const { metric } of readExpression(expr).selected) {
        const isPaced = new RegExp(`(?:rate|increase)\\(${metric}(?:\\{[^}]*\\})?\\[`).test(expr);
        const isCounted = /_(?:total|bucket)$/.test(metric) && !expr.startsWith("absent(");
        expect(isPaced, `${metric} of ${expr}`).toBe(isCounted);
      }
    }
  });

  test("say what is wrong and what to do next, in one sentence and a few, and use no label they brought together", () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, expr, annotations } of rules) {
      expect(annotations.next, alert).toMatch(/\.$/);
      const used = [...annotations.summary.matchAll(/\{\{ \$labels\.(\w+) \}\}/g)].map(
        ([, one]) => one,
      );
      const { selected, grouped } = readExpression(expr);
      const kept =
        grouped.length > 0 ? grouped : selected.flatMap(({ metric }) => labelsOf(metric) ?? []);
      for (const label of used) expect(kept, alert).toContain(label);
    }
  });

  test("are told in the README, each", () => {
    for (const { alert } of rules) expect(read("README.md")).toContain(`\`${alert}\``);
  });

  test("alert on journal, store, seals, refusals, silence, jobs and checkpoints", () => {
    const named = new Set(
      rules.flatMap(({ expr }) => readExpression(expr).selected.map(({ metric }) => metric)),
    );
    for (const metric of [
      "custody_journal_fill_ratio",
      "custody_store_lag_seconds",
      "custody_seal_age_seconds",
      "custody_refused_total",
      "custody_source_heard_timestamp_seconds",
      "custody_job_runs_total",
      "custody_publish_lag_seconds",
    ]) {
      expect(named).toContain(metric);
    }
  });
});

describe("the dashboard", () => {
  test("names only metrics and labels that are served", () => {
    for (const { expr } of targets) holdExpression(expr);
  });

  test("shows every metric of the table", () => {
    const shown = new Set(
      targets
        .flatMap(({ expr }) => readExpression(expr).selected)
        .map(({ metric }) => metric.replace(/_bucket$/, "")),
    );
    expect(Object.keys(metricTable).filter((name) => !shown.has(name))).toEqual([]);
  });

  test("names its series by labels that they still have", () => {
    for (const { expr, legendFormat } of targets) {
      const { selected, grouped } = readExpression(expr);
      const kept =
        grouped.length > 0 ? grouped : selected.flatMap(({ metric }) => labelsOf(metric) ?? []);
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
        expect(kept, `${legendFormat} of ${expr}`).toContain(label);
      }
    }
  });

  test("has panels with numbers of their own that overlap nowhere", () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, nth) => `${x + (nth % w)}/${y + Math.floor(nth / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });
});
