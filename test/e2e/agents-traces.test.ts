import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { capturedRequests, send } from "./captures.ts";
import {
  type CustodyProcess,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { everyItem, settled, type ToldRecord } from "./told.ts";

// The trace export of the OpenAI Agents SDK has a door of its own, with the manners of OTLP's.

const data = temporaryFolder("agents-traces");
let custody: CustodyProcess;

beforeAll(async () => {
  custody = await startCustody(data);
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

const json = { "content-type": "application/json" };

async function post(
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = json,
): Promise<{ readonly status: number; readonly answer: unknown; readonly receipt: boolean }> {
  const response = await fetch(`${custody.otlp}/v1/traces/ingest`, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : new Uint8Array(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    answer: JSON.parse(text),
    receipt: response.headers.has("custody-receipt"),
  };
}

test("an export is taken plain and compressed, and its receipt says where it stands", async () => {
  const [request] = capturedRequests("openai-agents-native", "tools");
  if (request === undefined) throw new Error("no capture");
  const plain = await post(request.body);
  expect(plain).toEqual({ status: 200, answer: { accepted: 11 }, receipt: true });
  const gzipped = await post(gzipSync(request.body), { ...json, "content-encoding": "gzip" });
  expect(gzipped).toEqual(plain);
});

test("what is no export is refused by name, and a key that may not send is told so", async () => {
  const code = async (...sent: Parameters<typeof post>): Promise<unknown> => {
    const { status, answer } = await post(...sent);
    return [status, (answer as { readonly code?: string }).code];
  };
  expect(await code('{"resourceSpans":[]}')).toEqual([400, "malformed"]);
  expect(await code("{")).toEqual([400, "malformed"]);
  expect(await code('{"data":[]}', { "content-type": "application/x-protobuf" })).toEqual([
    415,
    "unsupported-type",
  ]);
  expect(await code('{"data":[]}', { ...json, authorization: "Bearer sk-test" })).toEqual([
    401,
    "unauthenticated",
  ]);
  const observer = await custody.key("observer", "proxy", "proxy");
  expect(await code('{"data":[]}', { ...json, authorization: `Bearer ${observer}` })).toEqual([
    403,
    "forbidden",
  ]);
  const bomb = gzipSync(Buffer.alloc(80_000_000, " "));
  expect(await code(bomb, { ...json, "content-encoding": "gzip" })).toEqual([413, "too-large"]);
});

test("objects that nobody can read are kept whole beside those that somebody can", async () => {
  const [request] = capturedRequests("openai-agents-native", "handoff-and-guardrail");
  if (request === undefined) throw new Error("no capture");
  const agent = await custody.key("agent", "support");
  expect(await send(custody.otlp, request, agent)).toBe(200);
  const odd = [7, { object: "trace.span", id: "span_x", span_data: { type: "telepathy" } }];
  expect(await post(JSON.stringify({ data: odd }))).toMatchObject({ status: 200 });
  await settled(custody);
  const opaque = await everyItem<ToldRecord>(custody, "/v1/records?class=opaque");
  expect(opaque.length).toBe(2);
});

test("the conversation that only the trace names holds the calls of its spans", async () => {
  await settled(custody);
  const calls = await everyItem<{ readonly tool: string }>(
    custody,
    "/v1/actions?session=conversation-42",
  );
  expect(calls.map(({ tool }) => tool).sort()).toEqual(["handoff", "shell_exec"]);
});
