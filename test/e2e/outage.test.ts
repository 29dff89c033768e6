import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { openStore } from "@custody/storage";
import { type ClickHouseListener, startClickHouseListener } from "@custody/testkit";
import { afterEach, expect, test } from "vitest";
import { expectCallsOnce } from "../support/acknowledged-calls.ts";
import { createCuttingProxy } from "../support/cutting-proxy.ts";
import { createLoad } from "../support/load.ts";
import { compressed, type MadeRequest, makeRequest } from "../support/made-requests.ts";
import { createRandom } from "../support/random.ts";
import { expectTold } from "../support/told-calls.ts";
import {
  type CustodyProcess,
  custody,
  eventually,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";

const folder = temporaryFolder("outage");
const listeners: ClickHouseListener[] = [];

afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.stop();
  removeFolder(folder);
});

async function listen(httpPort?: number): Promise<ClickHouseListener> {
  const listener = await startClickHouseListener({
    dir: join(folder, "clickhouse"),
    ...(httpPort === undefined ? {} : { httpPort }),
  });
  listeners.push(listener);
  return listener;
}

interface Health {
  readonly ready: number;
  readonly warnings: readonly string[];
  readonly committed: number;
  readonly stored: number;
  readonly journalBytes: number;
  readonly lagSeconds: number;
}

/** What an operator's probes see. */
async function healthOf(running: CustodyProcess): Promise<Health> {
  const ready = await fetch(`${running.otlp}/readyz`);
  const { warnings } = (await ready.json()) as { readonly warnings: readonly string[] };
  const text = await (await fetch(`${running.otlp}/metrics`)).text();
  const read = (name: string): number =>
    Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  return {
    ready: ready.status,
    warnings,
    committed: read("custody_records_committed_total"),
    stored: read("custody_records_stored_total"),
    journalBytes: read("custody_journal_bytes"),
    lagSeconds: read("custody_store_lag_seconds"),
  };
}

test("connections that break in the middle of inserts, and a ClickHouse server that is killed under load, cost nothing acknowledged and store nothing twice: the journal takes over, says so, and hands over when it is back", async () => {
  const first = await listen();
  const proxy = await createCuttingProxy(first.httpPort);
  const env = { CLICKHOUSE_URL: proxy.url };
  const data = join(folder, "data");
  const running = await startCustody(data, { env });
  const random = createRandom(1);
  const make = () => makeRequest(random, { outputChars: 20_000 });
  const load = createLoad({ make, connections: 4, pauseMs: 5 });
  let stop = false;
  const loading = load.run(running.otlp, () => stop);
  await eventually(async () => (load.acknowledged.size > 300 ? true : undefined), "a load");
  expect(await healthOf(running)).toMatchObject({ ready: 200, warnings: [] });

  // What the writer moves while it is looked at is no finding.
  const fsck = ["fsck", "--data", data, "--json"];
  expect(await custody([...fsck, "--api", running.api])).toMatchObject({ code: 0 });
  for (let cut = 1; cut <= 5; cut++) {
    proxy.cutNext();
    await eventually(async () => (proxy.cuts >= cut ? true : undefined), "an insert to cut");
  }
  await first.stop();
  const before = load.acknowledged.size;
  const out = await eventually(async () => {
    const health = await healthOf(running);
    return health.lagSeconds > 2 && load.acknowledged.size > before + 300 ? health : undefined;
  }, "an outage that is told");
  expect(out.ready).toBe(200);
  expect(out.warnings).toEqual([
    expect.stringMatching(/^\d+ acknowledged records wait for the store .*STORE_UNREACHABLE/),
  ]);
  expect(out.journalBytes).toBeGreaterThan(100_000);

  await listen(first.httpPort);
  await wait(500);
  stop = true;
  await loading;
  await load.settle(running.otlp);
  const after = await eventually(async () => {
    const health = await healthOf(running);
    return health.journalBytes === 0 && health.warnings.length === 0 ? health : undefined;
  }, "everything handed over");
  expect(after.stored).toBeGreaterThanOrEqual(load.acknowledged.size);
  // Nothing but 200 was ever answered, and nobody was cut off.
  expect([...load.statuses.keys()]).toEqual([200]);

  const calls = [...load.acknowledged.values()];
  await expectTold(
    running,
    calls.filter((_, at) => at % 200 === 0),
  );
  expect(await custody([...fsck, "--api", running.api])).toMatchObject({ code: 0 });
  expect(await running.stop()).toBe(0);
  const store = await openStore({ kind: "server", url: first.url });
  await expectCallsOnce(store, load.acknowledged);
  await store.close();
  await proxy.close();
  const offline = await custody(fsck, { CLICKHOUSE_URL: first.url });
  expect(offline, offline.stdout).toMatchObject({ code: 0 });
  expect(JSON.parse(offline.stdout)).toMatchObject({ findings: [], rowsChecked: true });
});

test("a ClickHouse server that does not answer at start is exit code 3 and a sentence without its password", async () => {
  const args = [
    "up",
    "--data",
    join(folder, "none"),
    "--otlp-port",
    "0",
    "--grpc-port",
    "0",
    "--api-port",
    "0",
  ];
  const env = { CLICKHOUSE_URL: "http://writer:hunter2@127.0.0.1:9" };
  const { code, stderr } = await custody(args, env);
  expect(code).toBe(3);
  expect(stderr).toMatch(/^custody: the ClickHouse server .* \(STORE_UNREACHABLE\); .*\n$/);
  expect(stderr).not.toContain("hunter2");
});

const rssBytesMax = 1_500_000_000;
const floodMs = 6_000;

/** The most memory a process ever held, where the system says; else what it holds now. */
function peakBytes(pid: number): number {
  const status = `/proc/${pid}/status`;
  const kilobytes = existsSync(status)
    ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, "utf8"))?.[1]
    : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return Number(kilobytes) * 1_024;
}

/** Floods a Custody of its own, and expects that it stays well, refuses in the protocol's words, and keeps what it acknowledged. */
async function expectFloodHeld(
  name: string,
  connections: number,
  make: () => MadeRequest,
): Promise<void> {
  const data = join(folder, name);
  const running = await startCustody(data);
  const flood = createLoad({ make, connections, pauseMs: 0 });
  let stop = false;
  const flooding = flood.run(running.otlp, () => stop);
  const until = performance.now() + floodMs;
  while (performance.now() < until) {
    expect((await fetch(`${running.otlp}/healthz`)).status).toBe(200);
    await wait(50);
  }
  stop = true;
  await flooding;
  expect(flood.acknowledged.size).toBeGreaterThan(0);
  const refused = [...flood.statuses.keys()].filter((status) => status !== 200);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.filter((status) => status !== 429 && status !== 503)).toEqual([]);
  expect(flood.withoutRetryAfter).toBe(0);
  expect(peakBytes(running.pid)).toBeLessThan(rssBytesMax);
  await eventually(
    async () => ((await healthOf(running)).journalBytes === 0 ? true : undefined),
    "everything stored",
  );
  expect(await running.stop()).toBe(0);
  const store = await openStore({ kind: "embedded", dir: join(data, "store") });
  // Nothing that was refused is there either.
  await expectCallsOnce(store, flood.acknowledged);
  await store.close();
}

test("a flood far above capacity is refused with a time to come again, in bounded memory, and loses nothing acknowledged", async () => {
  const random = createRandom(2);
  await expectFloodHeld("flood", 48, () => makeRequest(random, { outputChars: 800_000 }));
});

test("a flood of small bodies that unfold to large ones is held the same way", async () => {
  const random = createRandom(3);
  const large = { outputChars: 800_000, callsMax: 100 };
  const bodies = Array.from({ length: 6 }, () => compressed(makeRequest(random, large)));
  let next = 0;
  await expectFloodHeld("unfolding", 60, () => bodies[next++ % bodies.length] as MadeRequest);
});
