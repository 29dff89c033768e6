import { createOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from "@custody/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { createHttpRelay } from "../support/http-relay.ts";
import { makeRequest } from "../support/made-requests.ts";
import { createRandom } from "../support/random.ts";
import {
  type CustodyProcess,
  custody as command,
  eventually,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { ask } from "./http.ts";
import { everyItem, stored, type ToldRecord } from "./told.ts";

// What the process tells of its own work, to somewhere else and never to itself.

const data = temporaryFolder("self-traces");
const secret = "a-word-that-only-the-agent-says";
let receiver: OtlpReceiver;
let custody: CustodyProcess;
let sent: { readonly bytes: number; readonly records: number };

const named = (name: string): readonly ReceivedSpan[] =>
  receiver.spans().filter((span) => span.name === name);
const total = (name: string, attribute: string): number =>
  named(name).reduce((sum, span) => sum + Number(span.attributes[attribute]), 0);

beforeAll(async () => {
  receiver = await createOtlpReceiver();
  custody = await startCustody(data, {
    env: { CUSTODY_TRACES_TO: `${receiver.url}/v1/traces?token=hidden` },
  });
  const { path, body } = makeRequest(createRandom(7));
  const told = body.replace("echo", secret);
  expect((await ask(custody.otlp, "POST", path, { body: told })).status).toBe(200);
  expect((await ask(custody.otlp, "POST", "/v1/logs", { body: "{" })).status).toBe(400);
  await stored(custody);
  const records = await everyItem<ToldRecord>(custody, "/v1/records");
  sent = { bytes: Buffer.byteLength(told), records: records.length };
  await eventually(
    async () => (named("deliver").length === 2 && named("published").length > 0 ? true : undefined),
    "spans of both deliveries and of a checkpoint",
  );
});

afterAll(async () => {
  await receiver.close();
  removeFolder(data);
});

describe("with an endpoint for its own traces", () => {
  test("each delivery is a span with its size, its door and how it was answered", () => {
    const [taken, refused] = named("deliver");
    expect(taken?.attributes).toMatchObject({
      "custody.bytes": sent.bytes,
      "custody.status": "200",
      "custody.refused": false,
      "custody.spans.skipped": 0,
    });
    expect(taken?.error).toBe(false);
    expect(refused?.attributes).toMatchObject({ "custody.status": "400", "custody.bytes": 1 });
    expect(refused?.error).toBe(true);
    for (const span of named("deliver")) expect(span.endNs).toBeGreaterThanOrEqual(span.startNs);
  });

  test("batches are spans with their leaves and bytes at every stage", () => {
    for (const stage of ["journalled", "stored", "sealed", "published"]) {
      expect(named(stage).length, stage).toBeGreaterThan(0);
      expect(total(stage, "custody.leaves"), stage).toBeGreaterThan(0);
      expect(total(stage, "custody.bytes"), stage).toBeGreaterThan(0);
    }
    expect(named("stored").every((span) => Number(span.attributes["custody.waited_ms"]) >= 0)).toBe(
      true,
    );
  });

  test("nothing of a record, a session, a tenant or a source is in them", () => {
    const text = JSON.stringify(receiver.requests, (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
    for (const word of [secret, "anonymous", "default", "conversation"]) {
      expect(text).not.toContain(word);
    }
  });

  test("none of them enters the river, and the ledger says where they go without the address's secrets", async () => {
    const records = await everyItem<ToldRecord>(custody, "/v1/records");
    expect(JSON.stringify(records)).not.toContain("custody.spans.skipped");
    const configs = records.filter(({ record }) => record.body["kind"] === "config");
    expect(JSON.stringify(configs)).toContain('"self_traces":"127.0.0.1:');
    expect(JSON.stringify(configs)).not.toContain("hidden");
  });

  test("under load at most ten spans of a kind a second are made, and what was left out is counted on the next", async () => {
    const before = named("deliver").length;
    for (let round = 0; round < 40; round++) {
      await ask(custody.otlp, "POST", "/v1/logs", { body: "{}" });
    }
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await ask(custody.otlp, "POST", "/v1/logs", { body: "{}" });
    const counted = await eventually(async () => {
      const made = named("deliver").slice(before);
      const skipped = made.reduce(
        (sum, one) => sum + Number(one.attributes["custody.spans.skipped"]),
        0,
      );
      return made.length + skipped >= 41 ? made.length + skipped : undefined;
    }, "every delivery told or counted");
    expect(counted).toBe(41);
  });

  test("an endpoint that hangs holds up neither deliveries nor the end", async () => {
    await receiver.close();
    const { path, body } = makeRequest(createRandom(8));
    expect((await ask(custody.otlp, "POST", path, { body })).status).toBe(200);
    expect(await custody.stop()).toBe(0);
  });
});

describe("an endpoint that is its own", () => {
  test("is refused at start", async () => {
    const folder = temporaryFolder("self-own");
    const port = await freePort();
    const ports = ["--otlp-port", `${port}`, "--grpc-port", "off", "--api-port", "0"];
    const env = { CUSTODY_TRACES_TO: `http://localhost:${port}/v1/traces` };
    const { code, stderr } = await command(["up", "--data", folder, ...ports], env);
    expect(stderr).toContain("traces_to leads to this process");
    expect(code).toBe(2);
    removeFolder(folder);
  });

  test("is refused at the door where a way round leads back to it, so that no trace makes another", async () => {
    const folder = temporaryFolder("self-round");
    const relay = await createHttpRelay();
    const running = await startCustody(folder, {
      env: { CUSTODY_TRACES_TO: `${relay.url}/v1/traces` },
    });
    relay.to(running.otlp);
    await ask(running.otlp, "POST", "/v1/logs", { body: "{}" });
    await eventually(
      async () => (relay.statuses.length > 0 ? true : undefined),
      "a trace came back",
    );
    expect(new Set(relay.statuses)).toEqual(new Set([403]));
    const records = await everyItem<ToldRecord>(running, "/v1/records");
    expect(JSON.stringify(records)).not.toContain("custody.door");
    expect(await running.stop()).toBe(0);
    await relay.close();
    removeFolder(folder);
  });
});
