import { createServer, type ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { createSender } from "./sender.ts";
import { readSettings } from "./settings.ts";

/** The verdict on one export to a collector that answers so; the exporter's own retries are cut short. */
async function verdictOn(answer: (response: ServerResponse) => void) {
  const server = createServer((request, response) => {
    request.resume().on("end", () => answer(response));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const settings = readSettings(
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: "500",
    },
    undefined,
  );
  try {
    return await createSender(settings)?.send([]);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

test("what the collector did not take of a batch it took is in the verdict", async () => {
  const answer = '{"partialSuccess":{"rejectedSpans":"2"}}';
  expect(await verdictOn((response) => response.end(answer))).toEqual({ outcome: "taken", answer });
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
    const verdict = await verdictOn((response) => response.writeHead(status, headers).end());
    expect(verdict).toEqual({ outcome: "refused", status, retryAfterMs });
  },
);

test("a connection that breaks is named by its code", async () => {
  const verdict = await verdictOn((response) => response.socket?.destroy());
  expect(verdict).toEqual({ outcome: "unreachable", reason: "ECONNRESET" });
});
