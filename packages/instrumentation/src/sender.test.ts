import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { BasicTracerProvider, type ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { expect, test } from "vitest";
import { createSender } from "./sender.ts";
import { readSettings } from "./settings.ts";

type Answer = (response: ServerResponse) => void;

/** One export to a collector that answers so; the exporter's own retries are cut short. */
async function exportTo(answer: Answer, env: Record<string, string> = {}) {
  const spans = [endedSpan()];
  const bodies: Buffer[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    headers.push(request.headers);
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      bodies.push(Buffer.concat(chunks));
      answer(response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const url = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` };
  const sender = createSender(
    readSettings({ ...url, OTEL_EXPORTER_OTLP_TIMEOUT: "500", ...env }, undefined),
  );
  try {
    const verdict = await sender?.send(spans);
    return { verdict, bodies, headers, final: sender?.request(spans) };
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

function endedSpan(): ReadableSpan {
  const span = new BasicTracerProvider().getTracer("test").startSpan("a span", { kind: 2 });
  span.setAttributes({ text: "😀", count: 3, list: ["one", "two"] }).end();
  // An SDK's span is what its processors read.
  return span as unknown as ReadableSpan;
}

test("what the collector did not take of a batch it took is in the verdict", async () => {
  const answer = '{"partialSuccess":{"rejectedSpans":"2"}}';
  const { verdict } = await exportTo((response) => response.end(answer));
  expect(verdict).toEqual({ outcome: "taken", answer });
});

test.each([
  [400, {}, undefined],
  [401, {}, undefined],
  [413, {}, undefined],
  [503, {}, undefined],
  [429, { "retry-after": "7" }, 7_000],
])(
  "a refusal with %i keeps its status and when to come again",
  async (status, headers, retryAfterMs) => {
    const { verdict } = await exportTo((response) => response.writeHead(status, headers).end());
    expect(verdict).toEqual({ outcome: "refused", status, retryAfterMs });
  },
);

test("a connection that breaks is named by its code", async () => {
  const { verdict } = await exportTo((response) => response.socket?.destroy());
  expect(verdict).toEqual({ outcome: "unreachable", reason: "ECONNRESET" });
});

test.each([
  ["http/json", "application/json"],
  ["http/protobuf", "application/x-protobuf"],
])("over %s the exporter and the final flush send the same request", async (protocol, type) => {
  const env = { OTEL_EXPORTER_OTLP_PROTOCOL: protocol, CUSTODY_KEY: "k-1" };
  const { bodies, headers, final } = await exportTo((response) => response.end(), env);
  expect(headers[0]).toMatchObject({ "content-type": type, authorization: "Bearer k-1" });
  expect(headers[0]).toMatchObject(final?.headers ?? { final: "none" });
  expect(bodies).toEqual([Buffer.from(final?.body ?? [])]);
});
