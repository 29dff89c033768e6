import { createServer } from "node:net";
import {
  createFakeModelServer,
  createOtlpReceiver,
  type ModelStep,
  type Mood,
} from "@custody/testkit";
import { expect, test } from "vitest";
import { type AgentRun, runAgent } from "../../../test/support/agent-process.ts";

/** Long against what a busy machine adds to two runs, short against waiting for a timeout twice. */
const patientMs = 4_000;
const steps: readonly ModelStep[] = [
  { say: "One call.", calls: [{ id: "call_1", tool: "list", arguments: {} }] },
];
/** What one request leaves: start of the session, turn, inference, decision, end of the session. */
const names = [
  "session example",
  "invoke_agent example",
  "chat gpt-5.5",
  "decide list",
  "session example",
];

type Leaving = Partial<AgentRun> & { readonly mood?: (request: number) => Mood };

async function leave({ mood, ...run }: Leaving) {
  const [model, receiver] = await Promise.all([
    createFakeModelServer({ steps }),
    createOtlpReceiver(mood),
  ]);
  try {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...run.env };
    const watched = { agent: "one-request.mjs", way: "first line", modelUrl: model.url } as const;
    const end = await runAgent({ ...watched, ...run, env });
    const { requests } = receiver;
    return { end, spans: receiver.spans(), requests };
  } finally {
    await Promise.all([model.close(), receiver.close()]);
  }
}

/** A loopback port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === "object" && address !== null ? address.port : 0;
}

test.each([
  ["return", 0, "exit"],
  ["exit", 7, "exit"],
  ["throw", 1, "exit"],
])("an agent that ends by %s delivers everything and exits with %i", async (way, code, reason) => {
  const { end, spans } = await leave({ args: [way] });
  expect(end).toMatchObject({ stdout: "One call.\n", exitCode: code });
  expect(spans.map((span) => span.name)).toEqual(names);
  expect(spans.at(-1)?.attributes["custody.session.end_reason"]).toBe(reason);
});

test("a signal without a handler of the agent's still kills it by that signal, after delivery", async () => {
  const { end, spans } = await leave({ args: ["wait"], signal: "SIGTERM" });
  expect(end).toMatchObject({ exitCode: null, signal: "SIGTERM" });
  expect(spans.map((span) => span.name)).toEqual(names);
  expect(spans.at(-1)?.attributes["custody.session.end_reason"]).toBe("sigterm");
});

test("a signal the agent handles itself stays the agent's affair", async () => {
  const { end, spans } = await leave({ args: ["handle"], signal: "SIGTERM" });
  expect(end).toMatchObject({ stdout: "One call.\nmy own handler\n", exitCode: 5, signal: null });
  expect(spans.map((span) => span.name)).toEqual(names);
});

test("with no collector the agent runs as ever, and hears once what to do", async () => {
  const url = `http://127.0.0.1:${await closedPort()}`;
  const plain = await leave({ way: "none" });
  const timeout = String(2 * patientMs);
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: url, CUSTODY_FLUSH_TIMEOUT_MS: timeout };
  const { end } = await leave({ env });
  expect(end).toMatchObject({ stdout: "One call.\n", exitCode: 0 });
  expect(end.stderr.trim().split("\n")).toEqual([
    `custody: cannot deliver audit spans to ${url}/v1/traces (ECONNREFUSED). The agent runs on, unrecorded until this works. Start a collector (npx custody up), or point OTEL_EXPORTER_OTLP_ENDPOINT at one and set CUSTODY_KEY if it asks for a key.`,
  ]);
  expect(end.durationMs - plain.end.durationMs).toBeLessThan(patientMs);
});

test("a collector that never answers holds the exit for the flush timeout and no longer", async () => {
  const plain = await leave({ way: "none" });
  const { end } = await leave({ mood: () => "hang", env: { CUSTODY_FLUSH_TIMEOUT_MS: "700" } });
  expect(end).toMatchObject({ stdout: "One call.\n", exitCode: 0 });
  expect(end.stderr).toContain("no answer within");
  const heldMs = end.durationMs - plain.end.durationMs;
  expect(heldMs).toBeGreaterThan(600);
  expect(heldMs).toBeLessThan(700 + patientMs);
});

test.each<[string, Mood]>([
  ["hangs", "hang"],
  ["is refused for now, so that the exporter tries again,", { status: 503 }],
])("a request that already %s when the agent ends does not add its own wait", async (_, mood) => {
  const plain = await leave({ way: "none", args: ["linger"] });
  const { end } = await leave({
    args: ["linger"],
    mood: () => mood,
    env: { CUSTODY_FLUSH_TIMEOUT_MS: String(patientMs), OTEL_BSP_SCHEDULE_DELAY: "50" },
  });
  expect(end.exitCode).toBe(0);
  expect(end.durationMs - plain.end.durationMs).toBeLessThan(1.75 * patientMs);
  expect(end.stderr).toContain("cannot deliver audit spans");
});

test("a collector that is full for a while still gets every span, once it takes them", async () => {
  const { end, spans } = await leave({
    args: ["linger"],
    mood: (request) => (request === 1 ? { status: 503 } : "take"),
    env: { OTEL_BSP_SCHEDULE_DELAY: "50" },
  });
  expect(end.exitCode).toBe(0);
  // What is unanswered when the agent ends is sent once more: a span may come twice, as the same span.
  const once = new Map(spans.map((span) => [span.spanId, span.name]));
  expect([...once.values()]).toEqual(names);
});

test("the key goes out as a bearer token, unless the OTLP headers bring their own", async () => {
  const keyed = await leave({ env: { CUSTODY_KEY: "k-1" } });
  expect(keyed.requests[0]?.headers["authorization"]).toBe("Bearer k-1");
  const own = await leave({
    env: { CUSTODY_KEY: "k-1", OTEL_EXPORTER_OTLP_HEADERS: "authorization=Basic%20abc" },
  });
  expect(own.requests[0]?.headers["authorization"]).toBe("Basic abc");
});

test("the console exporter of OTEL_TRACES_EXPORTER works, and `none` sends nothing", async () => {
  const printed = await leave({ env: { OTEL_TRACES_EXPORTER: "console" } });
  expect(printed.end.stdout).toContain("decide list");
  expect(printed.spans).toEqual([]);
  const nothing = await leave({ env: { OTEL_TRACES_EXPORTER: "none" } });
  expect(nothing.end).toMatchObject({ stdout: "One call.\n", stderr: "", exitCode: 0 });
  expect(nothing.spans).toEqual([]);
});

test("an agent that has an OpenTelemetry SDK keeps it: audit spans go through it, past its sampler", async () => {
  const { end, spans } = await leave({ agent: "own-sdk.mjs" });
  expect(end.exitCode).toBe(0);
  expect(spans).toEqual([]);
  expect(end.stderr.trim().split("\n")).toEqual([
    "has-an-sdk session example",
    "has-an-sdk decide list",
    "has-an-sdk chat gpt-5.5",
    "has-an-sdk invoke_agent example",
    "has-an-sdk session example",
  ]);
});
