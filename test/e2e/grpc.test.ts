import { readFileSync } from "node:fs";
import { deflateRawSync, deflateSync } from "node:zlib";
import type { ActionView } from "@custody/model";
import { createFakeModelServer } from "@custody/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { capturedAgents, capturedScenarios } from "../captures/captured-agents.ts";
import { runAgent } from "../support/agent-process.ts";
import { bomb, exportPaths, framed, grpcCall } from "../support/grpc-call.ts";
import { grpcWire } from "../support/grpc-wire.ts";
import { type CapturedRequest, capturedRequests, overGrpc, send } from "./captures.ts";
import {
  type CustodyProcess,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { exportOne } from "./exported.ts";
import { everyItem, stored, type ToldRecord } from "./told.ts";

// OTLP over gRPC: the same records, limits, credentials and verdicts as over HTTP, told by gRPC's own means.

const data = temporaryFolder("grpc");
let custody: CustodyProcess;
let key: string;

beforeAll(async () => {
  custody = await startCustody(data);
  key = await custody.key("agent", "laptop-1");
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

/** The value of a counter, with its labels. */
async function counted(name: string): Promise<number> {
  const text = await (await fetch(`${custody.otlp}/metrics`)).text();
  const line = text.split("\n").find((one) => one.startsWith(`${name} `));
  return Number(line?.split(" ")[1] ?? 0);
}

function residentBytes(): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${custody.pid}/status`, "utf8"))?.[1];
  return Number(kib) * 1024;
}

async function idsOf(auth: string): Promise<readonly string[]> {
  await stored(custody);
  const records = await everyItem<ToldRecord>(custody, "/v1/records");
  // What we count ourselves is a record of its delivery, and new each time.
  const sent = records.filter(({ record }) => record.src.auth.kind === auth);
  return sent.map(({ id }) => id).sort();
}

const captured = capturedAgents.flatMap((agent) =>
  capturedScenarios(agent).flatMap((scenario) => {
    const requests = overGrpc(agent, scenario);
    return requests.length === 0 ? [] : [[`${agent} ${scenario}`, requests] as const];
  }),
);

describe("what real agents sent over gRPC", () => {
  test.each(captured)(
    "%s becomes the same records as over HTTP, by id",
    async (_name, requests) => {
      const before = new Set(await idsOf("agent"));
      for (const { signal, body } of requests) {
        const answer = await grpcCall(custody.grpc, { path: signal, body, key, gzip: true });
        expect(answer.code, answer.details).toBe(0);
        expect(answer.message?.length, "full success is the empty message").toBe(0);
        expect(answer.said["custody-receipt"]).toMatch(/\S{40,}/);
      }
      const told = (await idsOf("agent")).filter((id) => !before.has(id));
      expect(told.length).toBeGreaterThan(0);
      for (const request of requests) expect(await send(custody.otlp, request, key)).toBe(200);
      expect((await idsOf("agent")).filter((id) => !before.has(id))).toEqual(told);
    },
  );

  test("there is a capture of every signal", () => {
    const signals = captured.flatMap(([, requests]) => requests.map(({ signal }) => signal));
    expect(new Set(signals)).toEqual(new Set(["traces", "logs", "metrics"]));
  });
});

describe("the exporters of the OpenTelemetry SDK", () => {
  test.each(["traces", "logs", "metrics"] as const)("deliver %s", async (signal) => {
    const committed = await counted("custody_records_committed_total");
    await exportOne(signal, { url: custody.grpc, key });
    expect(await counted("custody_records_committed_total")).toBeGreaterThan(committed);
  });

  test("fail with a key nobody made", async () => {
    const sent = exportOne("traces", { url: custody.grpc, key: "ck_unknown_key" });
    await expect(sent).rejects.toThrow(/UNAUTHENTICATED/);
  });
});

test("an agent with the one import delivers over gRPC when asked to", async () => {
  const calls = [{ id: "call_add", tool: "add", arguments: { a: 2, b: 40 } }];
  const model = await createFakeModelServer({ steps: [{ calls }, { say: "All done." }] });
  const end = await runAgent({
    agent: "chat-loop.mjs",
    way: "--import",
    modelUrl: model.url,
    env: {
      OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
      OTEL_EXPORTER_OTLP_ENDPOINT: custody.grpc,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${key}`,
      CUSTODY_SESSION_ID: "one-import-over-grpc",
    },
  });
  await model.close();
  expect(end).toMatchObject({ exitCode: 0, stderr: "" });
  await stored(custody);
  const actions = await everyItem<ActionView>(custody, "/v1/sessions/one-import-over-grpc/actions");
  const intent = { state: "reported", arguments: '{"a":2,"b":40}' };
  expect(actions).toMatchObject([{ call: "call_add", tool: "add", intent }]);
});

const empty = new Uint8Array();
const mebibyte = 1_048_576;
const unknownMethod = "/opentelemetry.proto.collector.trace.v1.TraceService/Import";

describe("a call that is refused", () => {
  const refused = [
    ["a span that is cut off", { body: Buffer.from([10, 200, 1, 1]) }, 3, "malformed"],
    ["a message over 16 MiB", { body: Buffer.alloc(17 * mebibyte) }, 8, "too-large"],
    ["a bomb", { body: Buffer.alloc(70 * mebibyte), gzip: true }, 8, "too-large"],
    ["an unknown service", { path: "/a.B/Export" }, 12, "not-found"],
    ["an unknown method", { path: unknownMethod }, 12, "not-found"],
    ["a foreign authority", { authority: "attacker.example" }, 7, "forbidden"],
    ["a web page", { metadata: { origin: "https://attacker.example" } }, 7, "forbidden"],
    ["an unknown key", { key: "ck_0123456789abcdef0123456789abcdef" }, 16, "unauthenticated"],
    ["what is no key", { metadata: { authorization: "Basic eDp5" } }, 16, "unauthenticated"],
  ] as const;

  test.each(refused)("%s is told by its code, and counted", async (_name, call, code, reason) => {
    const metric = `custody_refused_total{reason="${reason}"}`;
    const before = await counted(metric);
    const answer = await grpcCall(custody.grpc, { path: "traces", body: empty, ...call });
    expect(answer).toMatchObject({ code, details: expect.stringContaining(`${reason}: `) });
    // RESOURCE_EXHAUSTED with a delay would be sent again, and no refusal here would end otherwise.
    expect(answer.said["grpc-retry-pushback-ms"]).toBeUndefined();
    expect(await counted(metric)).toBe(before + 1);
  });

  test.each(["reader", "observer", "authority", "admin", "investigator", "auditor"])(
    "a key of kind %s is PERMISSION_DENIED",
    async (kind) => {
      const wrong = await custody.key(kind, `x-${kind}`, kind === "observer" ? "proxy" : undefined);
      const answer = await grpcCall(custody.grpc, { path: "logs", body: empty, key: wrong });
      expect(answer).toMatchObject({ code: 7, details: expect.stringContaining(kind) });
    },
  );

  const cases = [
    ["a message that ends early", framed(Buffer.alloc(20)).subarray(0, 12), {}, "3"],
    ["half a prefix", Buffer.from([0, 0]), {}, "3"],
    ["no message at all", Buffer.alloc(0), {}, "3"],
    ["two messages", Buffer.concat([framed(empty), framed(empty)]), {}, "3"],
    ["a flag of 2", Buffer.from([2, 0, 0, 0, 0]), {}, "3"],
    ["compressed by nothing", framed(bomb(10), true), {}, "3"],
    ["not what it says", framed(Buffer.from("plain"), true), { "grpc-encoding": "gzip" }, "3"],
    ["an unknown compression", framed(empty, true), { "grpc-encoding": "snappy" }, "12"],
  ] as const;

  test.each(cases)("%s is answered, not dropped", async (_name, bytes, headers, code) => {
    const wire = await grpcWire(custody.grpc);
    const { stream, answer } = wire.open(headers);
    stream.end(bytes);
    expect(await answer).toMatchObject({ ":status": "200", "grpc-status": code });
    wire.close();
  });

  test("a deflated message is taken, zlib-wrapped or raw", async () => {
    const sent = capturedRequests("codex", "tool-edit-grpc")[0] as CapturedRequest;
    for (const deflated of [deflateSync(sent.body), deflateRawSync(sent.body)]) {
      const wire = await grpcWire(custody.grpc);
      const path = exportPaths[sent.signal];
      const { stream, answer } = wire.open({ ":path": path, "grpc-encoding": "deflate" });
      stream.end(framed(deflated, true));
      expect(await answer).toMatchObject({ "grpc-status": "0" });
      wire.close();
    }
  });

  test("what is not gRPC is answered in HTTP", async () => {
    const wire = await grpcWire(custody.grpc);
    const json = wire.open({ "content-type": "application/json" });
    expect(await json.answer).toMatchObject({ ":status": "415" });
    const get = wire.open({ ":method": "GET" });
    expect(await get.answer).toMatchObject({ ":status": "405" });
    wire.close();
    // HTTP/1.1 is not spoken here: the connection ends, and nothing else does.
    await expect(fetch(`${custody.grpc}/v1/traces`, { method: "POST" })).rejects.toThrow();
  });

  test("a length of 4 GiB is refused before a byte of it comes", async () => {
    const wire = await grpcWire(custody.grpc);
    const { stream, answer } = wire.open();
    stream.write(Buffer.from([0, 255, 255, 255, 255]));
    expect(await answer).toMatchObject({ "grpc-status": "8" });
    wire.close();
  });

  test("the unfinished messages of one source fill its share alone, and the next is told when to come again", async () => {
    const before = residentBytes();
    const wire = await grpcWire(custody.grpc);
    const almost = framed(Buffer.alloc(16 * mebibyte)).subarray(0, 15.9 * mebibyte);
    const open = Array.from({ length: 8 }, () => {
      const call = wire.open();
      call.stream.write(almost);
      return call;
    });
    const over = await Promise.race(open.map(({ answer }) => answer));
    expect(over).toMatchObject({ "grpc-status": "14", "grpc-retry-pushback-ms": "1000" });
    const details = Buffer.from(over["grpc-status-details-bin"] ?? "", "base64");
    expect(details.toString("latin1")).toContain("type.googleapis.com/google.rpc.RetryInfo");
    expect(residentBytes() - before).toBeLessThan(256 * mebibyte);
    // Another source has its own share.
    const other = await grpcCall(custody.grpc, { path: "traces", body: empty, key });
    expect(other.code, other.details).toBe(0);
    wire.close();
    const sent = capturedRequests("codex", "tool-edit-grpc")[0] as CapturedRequest;
    await expect
      .poll(async () => (await grpcCall(custody.grpc, { path: sent.signal, body: sent.body })).code)
      .toBe(0);
  });

  test("forty bombs at once unfold one after another", async () => {
    const small = framed(bomb(63 * mebibyte), true);
    const wire = await grpcWire(custody.grpc);
    let peak = 0;
    const look = setInterval(() => {
      peak = Math.max(peak, residentBytes());
    }, 20);
    const before = residentBytes();
    const calls = Array.from({ length: 40 }, () => {
      const call = wire.open({ "grpc-encoding": "gzip" });
      call.stream.end(small);
      return call.answer;
    });
    const codes = new Set((await Promise.all(calls)).map((answer) => answer["grpc-status"]));
    clearInterval(look);
    wire.close();
    // Zeros are no OTLP; some find the share of their source taken.
    expect([...codes].filter((code) => code !== "3" && code !== "14")).toEqual([]);
    expect(peak - before).toBeLessThan(640 * mebibyte);
  });
});

test("a client that goes away within its message is nobody's failure", async () => {
  const wire = await grpcWire(custody.grpc);
  const { stream } = wire.open();
  stream.write(framed(Buffer.alloc(1000)).subarray(0, 500));
  await new Promise((resolve) => setTimeout(resolve, 50));
  wire.close();
  expect((await fetch(`${custody.otlp}/readyz`)).status).toBe(200);
  expect(custody.stderr()).not.toContain("call-failed");
});

test("at the end an open call finishes, and its records are kept", async () => {
  const folder = temporaryFolder("grpc-drain");
  const one = await startCustody(folder);
  const sent = capturedRequests("codex", "tool-edit-grpc")[0] as CapturedRequest;
  const whole = framed(sent.body);
  const wire = await grpcWire(one.grpc);
  const { stream, answer } = wire.open({ ":path": exportPaths[sent.signal] });
  stream.write(whole.subarray(0, 1000));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const ended = one.stop();
  await new Promise((resolve) => setTimeout(resolve, 200));
  stream.end(whole.subarray(1000));
  expect(await answer).toMatchObject({ "grpc-status": "0" });
  expect(await ended).toBe(0);
  removeFolder(folder);
});

test("without a key nothing is taken where keys are required, and a key that fits is enough", async () => {
  const folder = temporaryFolder("grpc-keys");
  const strict = await startCustody(folder, { env: { CUSTODY_REQUIRE_KEY: "true" } });
  const call = { path: "metrics", body: empty } as const;
  expect((await grpcCall(strict.grpc, call)).code).toBe(16);
  const own = await strict.key("agent", "laptop-2");
  expect((await grpcCall(strict.grpc, { ...call, key: own })).code).toBe(0);
  expect(await strict.stop()).toBe(0);
  removeFolder(folder);
});

test("the port can be left closed", async () => {
  const folder = temporaryFolder("grpc-off");
  const closed = await startCustody(folder, { args: ["--grpc-port", "off"] });
  expect(closed.grpc).toBe("");
  expect(JSON.parse(closed.stdout())).toMatchObject({ otlp_grpc: null });
  expect(await closed.stop()).toBe(0);
  removeFolder(folder);
});
