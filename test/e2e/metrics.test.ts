import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type MetricName, metricTable } from "@custody/collector";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Family,
  parseExposition,
} from "../../packages/collector/src/metrics/exposition.test-suite.ts";
import { grpcCall } from "../support/grpc-call.ts";
import { makeRequest } from "../support/made-requests.ts";
import { createRandom } from "../support/random.ts";
import { capturedRequests, send } from "./captures.ts";
import {
  type CustodyProcess,
  eventually,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { ask } from "./http.ts";
import { stored } from "./told.ts";

// What the process says of itself at `/metrics`, read by a parser that was written from the format.

const data = temporaryFolder("metrics");
let custody: CustodyProcess;
let key: string;
let families: ReadonlyMap<string, Family>;
/** A name that would end its label and begin a metric of its own. */
const hostile = '"} 1\nforged_total{x="y\\';

async function scraped(): Promise<ReadonlyMap<string, Family>> {
  const { status, type, text } = await ask(custody.otlp, "GET", "/metrics");
  expect(status).toBe(200);
  expect(type).toBe("text/plain; version=0.0.4; charset=utf-8");
  return parseExposition(text);
}

function metricOf(name: MetricName, labels: Readonly<Record<string, string>> = {}): number {
  const found = families
    .get(name)
    ?.samples.filter((sample) =>
      Object.entries(labels).every(([label, value]) => sample.labels.get(label) === value),
    );
  return found?.[0]?.value ?? Number.NaN;
}

/** A log as Codex writes it, with an event that no release has. */
function strayed(name: string): string {
  const attribute = (at: string, value: string) => ({ key: at, value: { stringValue: value } });
  const attributes = [attribute("event.name", name), attribute("conversation.id", "s-hostile")];
  const resource = {
    attributes: [attribute("service.name", "codex_cli_rs"), attribute("service.version", name)],
  };
  const logRecords = [{ timeUnixNano: "1795446000000000000", eventName: name, attributes }];
  return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] });
}

beforeAll(async () => {
  const config = join(data, "config.json");
  const target = { name: "nobody", webhook: "http://127.0.0.1:9/", secret_file: config };
  writeFileSync(config, JSON.stringify({ alerts: [target] }));
  custody = await startCustody(data, { args: ["--config", config] });
  key = await custody.key("agent", "laptop-1");
  for (const request of capturedRequests("codex", "api-failure").slice(0, 2)) {
    expect(await send(custody.otlp, request)).toBe(200);
  }
  for (const name of ["codex.tool_outcome_next_year", hostile]) {
    const sent = { key, body: strayed(name) };
    expect((await ask(custody.otlp, "POST", "/v1/logs", sent)).status).toBe(200);
  }
  const { path, body } = makeRequest(createRandom(1));
  expect((await ask(custody.otlp, "POST", path, { key, body })).status).toBe(200);
  // Refusals: by nobody, by a key that may not, and over gRPC.
  expect((await ask(custody.otlp, "POST", "/v1/logs", { key, body: "{" })).status).toBe(400);
  expect((await ask(custody.otlp, "GET", `/v1/${encodeURIComponent(hostile)}`)).status).toBe(404);
  expect((await ask(custody.otlp, "PUT", "/v1/expected", { key, body: {} })).status).toBe(403);
  expect((await grpcCall(custody.grpc, { path: "logs", body: Buffer.from("{"), key })).code).toBe(
    3,
  );
  expect((await grpcCall(custody.grpc, { path: "/a.b/C", body: Buffer.of(), key })).code).not.toBe(
    0,
  );
  await stored(custody);
  families = await eventually(async () => {
    const now = await scraped();
    const most = (name: MetricName, label: string, value: string): number =>
      Math.max(
        0,
        ...(now.get(name)?.samples ?? [])
          .filter(({ labels }) => labels.get(label) === value)
          .map((sample) => sample.value),
      );
    const isThrough =
      most("custody_stage_leaves_total", "stage", "published") > 3 &&
      // The engine is asked every few seconds.
      most("custody_engine_rows", "table", "records") > 3 &&
      most("custody_job_runs_total", "outcome", "done") > 0 &&
      now.get("custody_journal_bytes")?.samples[0]?.value === 0;
    return isThrough ? now : undefined;
  }, "records under a checkpoint, the engine asked since, and a job that ran");
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

test("every metric of the table is served with its type and help, and no other", () => {
  expect([...families.keys()].sort()).toEqual(Object.keys(metricTable).sort());
  for (const [name, { kind, help }] of Object.entries(metricTable)) {
    expect(families.get(name), name).toMatchObject({ type: kind, help });
  }
});

test("a series has the labels of the table and no other", () => {
  for (const [name, { labels }] of Object.entries(metricTable)) {
    for (const sample of families.get(name)?.samples ?? []) {
      const own = [...sample.labels.keys()].filter((label) => label !== "le");
      expect(own.sort(), name).toEqual([...labels].sort());
    }
  }
});

describe("what was sent is counted once at every stage", () => {
  test("by stages: nothing waits, and what is committed is stored and sealed", () => {
    expect(metricOf("custody_records_received_total")).toBeGreaterThan(3);
    expect(metricOf("custody_records_committed_total")).toBeGreaterThan(3);
    expect(metricOf("custody_journal_bytes")).toBe(0);
    expect(metricOf("custody_journal_files")).toBe(0);
    expect(metricOf("custody_store_lag_seconds")).toBe(0);
    const stages = ["journalled", "stored", "sealed", "published"] as const;
    for (const stage of stages) {
      expect(metricOf("custody_stage_leaves_total", { stage }), stage).toBeGreaterThan(3);
      expect(metricOf("custody_stage_bytes_total", { stage }), stage).toBeGreaterThan(1_000);
    }
    expect(metricOf("custody_engine_rows", { table: "records" })).toBeGreaterThan(3);
    expect(metricOf("custody_engine_parts", { table: "records" })).toBeGreaterThan(0);
  });

  test("from acknowledged to queryable: each batch file once", () => {
    const count = families
      .get("custody_queryable_seconds")
      ?.samples.find(({ name }) => name.endsWith("_count"));
    expect(count?.value).toBeGreaterThan(0);
  });

  test("queues stand beside their limits", () => {
    for (const [queue, limit] of [
      ["custody_inflight_bytes", "custody_inflight_limit_bytes"],
      ["custody_commit_queue_bytes", "custody_commit_queue_limit_bytes"],
      ["custody_journal_bytes", "custody_journal_limit_bytes"],
      ["custody_journal_held_bytes", "custody_journal_limit_bytes"],
      ["custody_engine_memory_bytes", "custody_engine_memory_limit_bytes"],
    ] as const) {
      expect(metricOf(limit), limit).toBeGreaterThan(metricOf(queue));
    }
  });

  test("by source, under the name of its credential and never under what it says", () => {
    const source = "default/agent/laptop-1";
    expect(metricOf("custody_source_records_total", { source })).toBeGreaterThan(0);
    const heard = metricOf("custody_source_heard_timestamp_seconds", { source });
    expect(heard).toBeGreaterThan(metricOf("process_start_time_seconds"));
    expect(heard).toBeLessThan(Date.now() / 1000 + 60);
  });

  test("refusals by reason and source, over both transports", () => {
    const source = "default/agent/laptop-1";
    const refused = (reason: string) =>
      metricOf("custody_source_refused_total", { source, reason });
    expect(refused("malformed")).toBe(2);
    expect(refused("forbidden")).toBe(1);
    expect(metricOf("custody_source_refused_total", { source: "none/anonymous" })).toBe(1);
    expect(metricOf("custody_refused_total", { reason: "malformed" })).toBe(2);
  });

  test("requests by documented path: what a client invents has one name", () => {
    expect(metricOf("custody_requests_total", { door: "/v1/logs", status: "400" })).toBe(1);
    expect(metricOf("custody_requests_total", { door: "other", status: "404" })).toBe(1);
    expect(metricOf("custody_requests_total", { door: "grpc-other" })).toBe(1);
  });

  test("each target of alerts has its own series", () => {
    expect(metricOf("custody_alerts_delivered_total", { target: "nobody" })).toBe(0);
    expect(metricOf("custody_alerts_pending", { target: "nobody" })).toBeGreaterThanOrEqual(0);
  });
});

test("the commands of the README on watching Custody run and exit 0", () => {
  const readme = new URL("../../deploy/observability/README.md", import.meta.url);
  const [, block = ""] = /```sh run\n([\s\S]*?)```/.exec(readFileSync(readme, "utf8")) ?? [];
  const said = block.replaceAll("http://127.0.0.1:4318", custody.otlp);
  expect(said).toContain(`${custody.otlp}/metrics`);
  const { status, stdout } = spawnSync("sh", ["-ec", said], { encoding: "utf8" });
  expect(status).toBe(0);
  expect(stdout).toContain('{"status":"ok"}');
  expect(stdout).toContain("# TYPE custody_records_committed_total counter");
});

test("a hostile name is a label's value and nothing else", () => {
  expect(families.has("forged_total")).toBe(false);
  const names = families
    .get("custody_drift_total")
    ?.samples.map(({ labels }) => labels.get("name"));
  expect(names).toContain("codex.tool_outcome_next_year");
});
