import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "@custody/storage";
import { type ClickHouseListener, startClickHouseListener } from "@custody/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { expectCallsOnce } from "../support/acknowledged-calls.ts";
import { grpcCall } from "../support/grpc-call.ts";
import { createLoad } from "../support/load.ts";
import { makeRequest } from "../support/made-requests.ts";
import { createRandom } from "../support/random.ts";
import { canMount, mountSmallDisk, type SmallDisk } from "../support/small-disk.ts";
import {
  custody,
  eventually,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";

const mounts = canMount();
const why = mounts ? "" : " (skipped: mounting a small file system needs root)";
const diskMegabytes = 64;

let disk: SmallDisk | undefined;
let folder: string;
const listeners: ClickHouseListener[] = [];
beforeEach(() => {
  folder = temporaryFolder("full-disk");
});
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.stop();
  disk?.remove();
  disk = undefined;
  removeFolder(folder);
});

async function listen(httpPort?: number): Promise<ClickHouseListener> {
  const dir = join(folder, "clickhouse");
  const listener = await startClickHouseListener({ dir, ...(httpPort && { httpPort }) });
  listeners.push(listener);
  return listener;
}

/** A field of a protobuf message that holds bytes. */
function field(number: number, bytes: Buffer): Buffer {
  const length: number[] = [];
  for (let left = bytes.length; ; left >>>= 7) {
    length.push(left > 127 ? (left & 127) | 128 : left);
    if (left <= 127) return Buffer.concat([Buffer.from([number * 8 + 2, ...length]), bytes]);
  }
}

/** A log record of a megabyte, larger than any of the load, in its ExportLogsServiceRequest. */
const text = field(1, Buffer.alloc(1_000_000, "x"));
const oneLog = field(1, field(2, field(2, field(5, text))));

test.skipIf(!mounts)(
  `while the store is out the journal stops before its disk is full, refuses over HTTP and gRPC with a time to come again, and goes on by itself${why}`,
  async () => {
    disk = mountSmallDisk(`${diskMegabytes}m`);
    const listener = await listen();
    const data = join(disk.dir, "data");
    mkdirSync(data, { mode: 0o700 });
    const running = await startCustody(data, { env: { CLICKHOUSE_URL: listener.url } });
    const ready = async () => {
      const answer = await fetch(`${running.otlp}/readyz`);
      const { reasons } = (await answer.json()) as { readonly reasons: readonly string[] };
      return { status: answer.status, reasons };
    };
    expect(await ready()).toEqual({ status: 200, reasons: [] });
    await listener.stop();
    const random = createRandom(7);
    const make = () => makeRequest(random, { outputChars: 100_000 });
    const load = createLoad({ make, connections: 4, pauseMs: 20 });
    let stop = false;
    const loading = load.run(running.otlp, () => stop);
    await eventually(async () => ((load.statuses.get(503) ?? 0) > 20 ? true : undefined), "a 503");
    const refused = await grpcCall(running.grpc, { path: "logs", body: oneLog });
    expect(refused.code).toBe(14);
    expect(refused.said["grpc-retry-pushback-ms"]).toBe("1000");
    expect((await ready()).status).toBe(503);
    expect((await ready()).reasons).toEqual([
      expect.stringMatching(/^the disk is nearly full: \d+ of \d+ bytes are used, \d+ bytes/),
    ]);
    const doctor = await custody(["doctor", "--data", data, "--api", running.api]);
    expect(doctor.stdout).toMatch(/FAULT readiness: the disk is nearly full/);
    expect(doctor.stdout).toMatch(/FAULT records: cannot be read: /);
    // A tenth of the disk stays free, less what the ledger itself must say: seals, tiles, checkpoints.
    expect(disk.freeBytes()).toBeGreaterThan((diskMegabytes * 1_048_576) / 20);
    expect([...load.statuses.keys()].sort()).toEqual([200, 503]);
    expect(load.withoutRetryAfter).toBe(0);

    await listen(listener.httpPort);
    const before = load.acknowledged.size;
    await eventually(
      async () => (load.acknowledged.size > before + 20 ? true : undefined),
      "taken again",
    );
    stop = true;
    await loading;
    await eventually(async () => ((await ready()).status === 200 ? true : undefined), "ready");
    expect(await running.stop()).toBe(0);
    const offline = await custody(["fsck", "--data", data, "--json"], {
      CLICKHOUSE_URL: listener.url,
    });
    expect(offline, offline.stdout).toMatchObject({ code: 0 });
    const store = await openStore({ kind: "server", url: listener.url });
    await expectCallsOnce(store, load.acknowledged);
    await store.close();
  },
);
