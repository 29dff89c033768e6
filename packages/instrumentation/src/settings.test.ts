import { expect, test } from "vitest";
import { readSettings } from "./settings.ts";

test("the default endpoint is the local collector, and OTLP variables replace it as they do everywhere", () => {
  const endpoint = (env: Record<string, string>) => readSettings(env, undefined).endpoint;
  expect(endpoint({})).toBe("http://127.0.0.1:4318/v1/traces");
  expect(endpoint({ OTEL_EXPORTER_OTLP_ENDPOINT: "https://c.example/otlp/" })).toBe(
    "https://c.example/otlp/v1/traces",
  );
  expect(
    endpoint({
      OTEL_EXPORTER_OTLP_ENDPOINT: "https://c.example",
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://t.example/in",
    }),
  ).toBe("https://t.example/in");
  expect(endpoint({ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" })).toBe("http://127.0.0.1:4317");
});

test.each([
  [undefined, "tools"],
  ["true", "all"],
  ["SPAN_ONLY", "all"],
  ["False", "none"],
  ["NO_CONTENT", "none"],
  ["perhaps", "none"],
])("the content switch %s means %s", (value, mode) => {
  const env = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: value };
  expect(readSettings(env, undefined).content).toBe(mode);
});

test("an export may never outlast the flush timeout", () => {
  expect(readSettings({}, undefined)).toMatchObject({
    exportTimeoutMs: 2_000,
    flushTimeoutMs: 2_000,
  });
  const env = { OTEL_EXPORTER_OTLP_TIMEOUT: "500", CUSTODY_FLUSH_TIMEOUT_MS: "900" };
  expect(readSettings(env, undefined)).toMatchObject({ exportTimeoutMs: 500, flushTimeoutMs: 900 });
  const odd = { OTEL_EXPORTER_OTLP_TIMEOUT: "soon", CUSTODY_FLUSH_TIMEOUT_MS: "-1" };
  expect(readSettings(odd, undefined)).toMatchObject({
    exportTimeoutMs: 2_000,
    flushTimeoutMs: 2_000,
  });
});

test("the agent is called what it is told, else what its package or its file is called", () => {
  const name = (env: Record<string, string>, file?: string) => readSettings(env, file).agent.name;
  expect(name({ CUSTODY_AGENT_NAME: "a", OTEL_SERVICE_NAME: "b" }, "/x/run.mjs")).toBe("a");
  expect(name({ OTEL_SERVICE_NAME: "b" }, "/x/run.mjs")).toBe("b");
  expect(name({}, new URL(import.meta.url).pathname)).toBe("@custody/instrumentation");
  expect(name({}, "/nowhere/at/all/run.mjs")).toBe("run");
  expect(name({})).toBe("agent");
});
