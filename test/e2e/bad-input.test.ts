import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { capturedRequests } from "./captures.ts";
import {
  type CustodyProcess,
  eventually,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { linear } from "./random.ts";
import { everyItem, stored, type ToldRecord } from "./told.ts";

// Every case gets the protocol's own error, the process lives, and its memory stays bounded.

const data = temporaryFolder("bad-input");
let custody: CustodyProcess;

beforeAll(async () => {
  custody = await startCustody(data);
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

const protobuf = "application/x-protobuf";
const json = "application/json";

async function post(
  body: Uint8Array | string,
  headers: Readonly<Record<string, string>>,
  signal = "traces",
): Promise<{ readonly status: number; readonly type: string | null; readonly body: Buffer }> {
  const response = await fetch(`${custody.otlp}/v1/${signal}`, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : new Uint8Array(body),
  });
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    body: Buffer.from(await response.arrayBuffer()),
  };
}

/** A length-delimited protobuf field. */
function field(number: number, payload: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(payload.length), payload]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** One span in OTLP/JSON with the given attributes. */
function spanJson(attributes: string): string {
  return `{"resourceSpans":[{"scopeSpans":[{"scope":{"name":"hostile"},"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","name":"x","startTimeUnixNano":"1795418885658128477","endTimeUnixNano":"1795418885658128478","attributes":[${attributes}]}]}]}]}`;
}

/** The attribute that names a session. */
function conversation(session: string): string {
  return [
    '{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}}',
    `{"key":"gen_ai.conversation.id","value":{"stringValue":"${session}"}}`,
  ].join(",");
}

/** The records of a session, once they can be read. */
async function recordsOf(session: string): Promise<readonly ToldRecord[]> {
  return eventually(async () => {
    const query = `/v1/records?session=${encodeURIComponent(session)}`;
    const records = await everyItem<ToldRecord>(custody, query);
    return records.length > 0 ? records : undefined;
  }, `records of ${session}`);
}

function damaged(body: Buffer, random: (bound: number) => number): Buffer {
  const at = random(body.length);
  const kind = random(3);
  if (kind === 0) return body.subarray(0, at);
  if (kind === 1) return Buffer.concat([body.subarray(0, at), body]);
  const changed = Buffer.from(body);
  for (let byte = 0; byte < 8; byte++) changed[random(body.length)] = random(256);
  return changed;
}

/** Resident bytes of the process under test. */
function residentBytes(): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${custody.pid}/status`, "utf8"))?.[1];
  return Number(kib) * 1024;
}

test("truncated protobuf is answered 400 with a Status in protobuf", async () => {
  const span = field(1, field(2, field(2, Buffer.alloc(40, 1))));
  const answer = await post(span.subarray(0, span.length - 7), { "content-type": protobuf });
  expect(answer.status).toBe(400);
  expect(answer.type).toBe(protobuf);
  expect(answer.body.toString("latin1")).toContain("malformed");
});

test("malformed JSON is answered 400 with a Status in JSON that says where", async () => {
  const answer = await post('{"resourceSpans":[', { "content-type": json });
  expect(answer.status).toBe(400);
  expect(answer.type).toContain(json);
  const status = JSON.parse(answer.body.toString()) as { code: number; message: string };
  expect(status.code).toBe(3);
  expect(status.message).toMatch(/malformed: .*\(at /);
});

test("a wrong content type is answered 415", async () => {
  expect((await post("a=b", { "content-type": "application/x-www-form-urlencoded" })).status).toBe(
    415,
  );
  expect((await post("{}", { "content-type": json, "content-encoding": "br" })).status).toBe(415);
});

test("a claimed length of 1 GiB is answered 413 before any of it is read", async () => {
  const { hostname, port } = new URL(custody.otlp);
  const before = residentBytes();
  const said = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${protobuf}\r\nContent-Length: 1073741824\r\n\r\n`,
      );
    });
    socket.once("data", (chunk: Buffer) => {
      resolve(chunk.toString("latin1"));
      socket.destroy();
    });
    socket.once("error", reject);
  });
  expect(said).toMatch(/^HTTP\/1\.1 413 /);
  expect(residentBytes() - before).toBeLessThan(64 * 1024 * 1024);
});

test("a protobuf field that claims more bytes than there are is answered 400", async () => {
  const claims = Buffer.concat([varint(10), varint(1_073_741_824), Buffer.alloc(16)]);
  expect((await post(claims, { "content-type": protobuf })).status).toBe(400);
});

test("a gzip bomb is answered 413 and never unfolds", async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
  const answer = await post(bomb, { "content-type": protobuf, "content-encoding": "gzip" });
  expect(answer.status).toBe(413);
});

test("what is not gzip though it says so is answered 400", async () => {
  expect((await post("plain", { "content-type": json, "content-encoding": "gzip" })).status).toBe(
    400,
  );
});

test("a deeply nested AnyValue is answered 400 in both encodings", async () => {
  let value: Buffer = Buffer.alloc(0);
  for (let depth = 0; depth < 5_000; depth++) value = field(5, field(1, value));
  const attribute = Buffer.concat([field(1, Buffer.from("deep")), field(2, value)]);
  const span = Buffer.concat([field(5, Buffer.from("x")), field(9, attribute)]);
  const body = field(1, field(2, field(2, span)));
  expect((await post(body, { "content-type": protobuf })).status).toBe(400);
  const nested = `${'{"arrayValue":{"values":['.repeat(5_000)}{}${"]}}".repeat(5_000)}`;
  const text = spanJson(`{"key":"deep","value":${nested}}`);
  expect((await post(text, { "content-type": json })).status).toBe(400);
});

test("numbers that JSON has no form for are kept in words, and never make a record without a canonical form", async () => {
  const numbers = ['"NaN"', '"Infinity"', '"-Infinity"', "1e400"].map(
    (number, at) => `{"key":"custody.test.d${at}","value":{"doubleValue":${number}}}`,
  );
  const text = spanJson([conversation("numbers"), ...numbers].join(","));
  expect((await post(text, { "content-type": json })).status).toBe(200);
  for (const { record } of await recordsOf("numbers")) {
    expect(JSON.stringify(record)).not.toContain("null");
  }
});

test.each([
  ["an integer of 2^64", '{"intValue":"18446744073709551616"}'],
  ["an integer with a fraction", '{"intValue":1.5}'],
  ["a time that is no integer", '{"intValue":"12abc"}'],
])("%s is answered 400 and says where", async (_what, value) => {
  const answer = await post(spanJson(`{"key":"x","value":${value}}`), { "content-type": json });
  expect(answer.status).toBe(400);
  expect(answer.body.toString()).toMatch(/at .*attributes/);
});

test("lone surrogates are repaired, and the record is there", async () => {
  const text = spanJson(conversation("lone-\\ud800-session"));
  expect((await post(text, { "content-type": json })).status).toBe(200);
  expect(await recordsOf("lone-\ufffd-session")).not.toEqual([]);
});

test("a 10 MB attribute is taken, and its record stays within its size", async () => {
  const long = `{"key":"gen_ai.input.messages","value":{"stringValue":"${"a".repeat(10_000_000)}"}}`;
  const text = spanJson(`${conversation("ten-megabytes")},${long}`);
  expect((await post(text, { "content-type": json })).status).toBe(200);
  const records = await recordsOf("ten-megabytes");
  for (const { record } of records) {
    expect(Buffer.byteLength(JSON.stringify(record))).toBeLessThanOrEqual(65_535);
  }
});

test("a session of 100,000 characters is bounded, not refused", async () => {
  const text = spanJson(conversation("s".repeat(100_000)));
  expect((await post(text, { "content-type": json })).status).toBe(200);
});

test("hostile names are data: SQL, paths and markup come back as they were sent", async () => {
  const name =
    "x'); DROP TABLE records; --\\n../../etc/passwd <script>alert(1)</script> {{7*7}} %s";
  const text = spanJson(conversation(name.replaceAll("\\", "\\\\")));
  expect((await post(text, { "content-type": json })).status).toBe(200);
  expect(await recordsOf(name)).not.toEqual([]);
});

test("real bodies with bytes changed, cut or repeated are taken or refused, never a failure of ours", async () => {
  const bodies = [
    ...capturedRequests("codex", "tool-edit"),
    ...capturedRequests("claude-code", "tool-edit-json-redacted"),
  ];
  const random = linear(20_261_123);
  const seen = new Map<number, number>();
  for (let round = 0; round < 150; round++) {
    const request = bodies[random(bodies.length)];
    if (request === undefined) continue;
    const body = damaged(request.body, random);
    const { status } = await post(body, request.headers, request.signal);
    seen.set(status, (seen.get(status) ?? 0) + 1);
  }
  expect([...seen.keys()].sort()).toEqual([200, 400]);
});

test("after all of it everything taken is stored, and the process lives, answers and is not swollen", async () => {
  await stored(custody);
  const health = await fetch(`${custody.otlp}/readyz`);
  expect(health.status).toBe(200);
  expect(residentBytes()).toBeLessThan(1_500 * 1024 * 1024);
  expect(custody.stdout() + custody.stderr()).not.toContain("request-failed");
});
