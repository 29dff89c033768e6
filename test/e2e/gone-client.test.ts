import { get, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { StoreReader } from "@custody/model";
import { type ApiPorts, createQueryApi, type QueryApi } from "@custody/query-api";
import { openStore, type Store } from "@custody/storage";
import { startClickHouseListener } from "@custody/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { removeFolder, temporaryFolder } from "./custody-process.ts";

// A client that hangs up, over a real socket: what it asked ends in the engine, on both engines. Every question is made one that takes minutes.

const marker = "asked_by_one_who_left";
const slow = `SELECT count() AS ${marker} FROM numbers(1000000000000) WHERE sipHash64(number) = 7`;

function portsOver(store: Store): ApiPorts {
  const reader: StoreReader = {
    rows: (_, signal) => store.reader.rows({ sql: slow, params: {}, timeoutMs: 300_000 }, signal),
  };
  const auth = { method: "bearer", kind: "investigator", subject: "eve" } as const;
  const ports: Partial<ApiPorts> = {
    clock: { now: () => "2026-11-23T07:00:00.000000000Z" },
    reader,
    keys: { find: () => ({ tenant: "acme", auth }) } as Partial<
      ApiPorts["keys"]
    > as ApiPorts["keys"],
    commitAccess: async () => true,
  };
  // The routes asked here use no other port.
  return ports as ApiPorts;
}

async function running(store: Store): Promise<number> {
  const [row] = await store.reader.rows({
    sql: `SELECT count() AS n FROM system.processes WHERE NOT is_cancelled AND position(query, '${marker}') > 0 AND position(query, 'is_cancelled') = 0`,
    params: {},
  });
  return Number(row?.["n"]);
}

describe.each(["embedded", "server"] as const)("on the %s engine", (kind) => {
  const data = temporaryFolder("gone");
  let stop: () => Promise<void> = async () => undefined;
  let store: Store;
  let api: QueryApi;
  let port: number;

  beforeAll(async () => {
    if (kind === "server") {
      const listener = await startClickHouseListener({ dir: join(data, "server") });
      stop = () => listener.stop();
      store = await openStore({ kind, url: listener.url });
    } else {
      store = await openStore({ kind, dir: join(data, "store") });
    }
    await store.migrate();
    api = createQueryApi(portsOver(store), { hosts: [], version: "0", logLevel: "silent" });
    await api.app.listen({ host: "127.0.0.1", port: 0 });
    port = (api.app.server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    await api.close();
    await store.close();
    await stop();
    removeFolder(data);
  });

  const headers = { authorization: "Bearer a-key-of-eve" };

  test.each(["/v1/actions", "/v1/sessions", "/v1/posture", "/v1/investigate"])(
    "GET %s that is hung up on leaves nothing running",
    async (path) => {
      const asked = get({ host: "127.0.0.1", port, path, headers });
      asked.on("error", () => undefined);
      await expect.poll(() => running(store), { timeout: 10_000 }).toBeGreaterThan(0);
      asked.destroy();
      await expect.poll(() => running(store), { timeout: 10_000 }).toBe(0);
    },
  );

  test("a client that sent all it has and waits is not taken for one that left", async () => {
    const asked = request({ host: "127.0.0.1", port, path: "/v1/actions", headers });
    asked.on("error", () => undefined);
    asked.end();
    await expect.poll(() => running(store), { timeout: 10_000 }).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await running(store)).toBeGreaterThan(0);
    asked.destroy();
    await expect.poll(() => running(store), { timeout: 10_000 }).toBe(0);
  });
});
