import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "@custody/model";
import type { EngineMeasures } from "@custody/storage";
import { expect, test } from "vitest";
import { createDriftMeter } from "../plugins/drift-meter.ts";
import { addEngineMetrics } from "./engine-meter.ts";
import { parseExposition } from "./exposition.test-suite.ts";
import { createMetricRegistry } from "./metric-registry.ts";
import { addProcessMetrics } from "./process-meter.ts";
import { createSourceMeter, sourceSeriesMax } from "./source-meter.ts";

const clock: Clock = { now: () => "2026-11-23T07:00:00.500000000Z" };
const measures: EngineMeasures = {
  memoryBytes: 1,
  memoryBytesMax: 2,
  mergesRunning: 0,
  merges: 3,
  mergedRows: 4,
  statementsRunning: 1,
  tables: [{ table: "records", rows: 5, bytes: 6, parts: 7 }],
};

test("names that agents send break out of no label, whatever they hold", async () => {
  const registry = createMetricRegistry();
  const name = '"} 1\nforged_total{x="y';
  createDriftMeter(registry)("evil", [
    { agent: "back\\slash", version: "line\nend", kind: "unknown_event", name, count: 2 },
  ]);
  const families = parseExposition(await registry.text());
  expect([...families.keys()]).toEqual(["custody_drift_total"]);
  const [sample] = families.get("custody_drift_total")?.samples ?? [];
  expect(sample?.labels.get("name")).toBe(name);
  expect(sample?.labels.get("agent")).toBe("back\\slash");
  expect(sample?.labels.get("version")).toBe("line\nend");
});

test("however many keys there are, sources have a bounded number of series, and nothing goes uncounted", async () => {
  const registry = createMetricRegistry();
  const sources = createSourceMeter(registry, clock);
  for (let nth = 0; nth < sourceSeriesMax + 50; nth++) {
    sources.received(`acme/agent/laptop-${nth}`, 2);
    sources.refused(`acme/agent/laptop-${nth}`, "full", 1);
  }
  const families = parseExposition(await registry.text());
  const records = families.get("custody_source_records_total")?.samples ?? [];
  expect(records.length).toBe(sourceSeriesMax + 1);
  expect(records.find(({ labels }) => labels.get("source") === "other")?.value).toBe(100);
  expect(families.get("custody_source_refused_total")?.samples.length).toBe(sourceSeriesMax + 1);
});

test("when a source was heard is Unix time, and a delivery without records is none", async () => {
  const registry = createMetricRegistry();
  const sources = createSourceMeter(registry, clock);
  sources.received("acme/agent/silent", 0);
  sources.received("acme/agent/laptop", 1);
  const heard = parseExposition(await registry.text()).get(
    "custody_source_heard_timestamp_seconds",
  );
  expect(heard?.samples.map(({ labels, value }) => [labels.get("source"), value])).toEqual([
    ["acme/agent/laptop", Date.UTC(2026, 10, 23, 7) / 1000 + 0.5],
  ]);
});

test("an engine that does not answer is said to be down, and says nothing else", async () => {
  const registry = createMetricRegistry();
  const engine = addEngineMetrics(registry, () => Promise.reject(new Error("out")));
  await engine.refresh();
  const families = parseExposition(await registry.text());
  expect(families.get("custody_engine_up")?.samples[0]?.value).toBe(0);
  expect(families.get("custody_engine_memory_bytes")?.samples).toEqual([]);
  expect(families.get("custody_engine_parts")?.samples).toEqual([]);
});

test("an engine that takes long holds up nobody, and is asked one question at a time", async () => {
  const registry = createMetricRegistry();
  let asked = 0;
  let answer: (measures: EngineMeasures) => void = () => undefined;
  const engine = addEngineMetrics(registry, () => {
    asked++;
    return new Promise((resolve) => {
      answer = resolve;
    });
  });
  await Promise.all([engine.refresh(), engine.refresh()]);
  expect(asked).toBe(1);
  const up = async (): Promise<number | undefined> =>
    parseExposition(await registry.text()).get("custody_engine_up")?.samples[0]?.value;
  expect(await up()).toBe(0);
  answer(measures);
  await engine.refresh();
  expect(await up()).toBe(1);
  // Whoever reads again at once hears what is known.
  await engine.refresh();
  expect(asked).toBe(1);
});

test("a main thread that is held up says for how long, until somebody read it", async () => {
  const registry = createMetricRegistry();
  const stop = addProcessMetrics(registry);
  const longest = async (): Promise<number> =>
    parseExposition(await registry.text()).get("custody_event_loop_delay_max_seconds")?.samples[0]
      ?.value ?? Number.NaN;
  await longest();
  await sleep(60);
  const until = performance.now() + 300;
  while (performance.now() < until);
  await sleep(60);
  expect(await longest()).toBeGreaterThan(0.2);
  stop();
});
