import { describe, expect, test } from "vitest";
import { attributeText, both, bothLogs, bothMetrics, bothSpans, jsonItems } from "./decoded.ts";

/** The receiver pitfalls of agent-telemetry 15.3 that concern decoding, by name, in both encodings. */

test("empty traceId and spanId are absent, not an error (Codex)", () => {
  for (const log of bothLogs({ traceId: "", spanId: "", body: { stringValue: "x" } })) {
    expect([log.traceId, log.spanId]).toStrictEqual([undefined, undefined]);
  }
});

test("ids of zeros or of another length are absent; hex in capitals is lowered", () => {
  for (const span of bothSpans({ traceId: "00".repeat(16), spanId: "abcd", parentSpanId: "" })) {
    expect([span.traceId, span.spanId, span.parentSpanId]).toStrictEqual([
      undefined,
      undefined,
      undefined,
    ]);
  }
  for (const span of bothSpans({ traceId: "AB".repeat(16), spanId: "0123456789ABCDEF" })) {
    expect([span.traceId, span.spanId]).toStrictEqual(["ab".repeat(16), "0123456789abcdef"]);
  }
});

test('timeUnixNano "0" is no time, so that a dialect falls back (Codex)', () => {
  for (const log of bothLogs({
    timeUnixNano: "0",
    observedTimeUnixNano: "1795418887762670407",
    attributes: [{ key: "event.timestamp", value: { stringValue: "2026-11-23T07:28:07.762Z" } }],
  })) {
    expect(log.time).toBeUndefined();
    expect(log.attributes.text("event.timestamp")).toBe("2026-11-23T07:28:07.762Z");
    expect(log.observedTime).toBe("2026-11-23T07:28:07.762670407Z");
  }
});

describe("ints as strings and as numbers, numeric strings, booleans as strings", () => {
  test("an int may be text or a number in JSON, and reads alike", () => {
    for (const form of ['{"intValue":"42"}', '{"intValue":42}', '{"intValue":4.2e1}']) {
      const [span] = jsonItems("traces", attributeText(form));
      expect(span?.attributes.value("a")).toStrictEqual({ type: "int", value: 42 });
      expect(span?.attributes.integer("a")).toBe(42);
      expect(span?.attributes.text("a")).toBe("42");
    }
  });

  test.each([
    [{ intValue: "42" }, "42", 42, 42, undefined],
    [{ stringValue: "42" }, "42", 42, 42, undefined],
    [{ stringValue: "-7.0" }, "-7.0", -7, -7, undefined],
    [{ stringValue: "7.5" }, "7.5", undefined, 7.5, undefined],
    [{ stringValue: "1e3" }, "1e3", undefined, 1000, undefined],
    [{ stringValue: " 5 " }, " 5 ", undefined, undefined, undefined],
    [{ stringValue: "0x10" }, "0x10", undefined, undefined, undefined],
    [{ stringValue: "" }, "", undefined, undefined, undefined],
    [{ stringValue: "true" }, "true", undefined, undefined, true],
    [{ stringValue: "false" }, "false", undefined, undefined, false],
    [{ stringValue: "True" }, "True", undefined, undefined, undefined],
    [{ boolValue: true }, "true", undefined, undefined, true],
    [{ boolValue: false }, "false", undefined, undefined, false],
    [{ doubleValue: 3 }, "3", 3, 3, undefined],
    [{ doubleValue: 0.25 }, "0.25", undefined, 0.25, undefined],
    [{ doubleValue: "NaN" }, "NaN", undefined, undefined, undefined],
    [{ doubleValue: "-Infinity" }, "-Infinity", undefined, undefined, undefined],
    [{ doubleValue: 1e300 }, "1e+300", undefined, 1e300, undefined],
    [{ bytesValue: "AQI=" }, undefined, undefined, undefined, undefined],
    [{}, undefined, undefined, undefined, undefined],
  ])("%j reads as text %j, integer %j, number %j, boolean %j", (value, ...readings) => {
    const views = bothSpans({ attributes: [{ key: "a", value }] });
    expect(views.length).toBe(2);
    for (const { attributes } of views) {
      expect([
        attributes.text("a"),
        attributes.integer("a"),
        attributes.number("a"),
        attributes.boolean("a"),
      ]).toStrictEqual(readings);
    }
  });

  test.each([
    ["9007199254740991", 9007199254740991, 9007199254740991],
    ["-9007199254740991", -9007199254740991, -9007199254740991],
    ["9007199254740992", "9007199254740992", undefined],
    ["9007199254740993", "9007199254740993", undefined],
    ["9223372036854775807", "9223372036854775807", undefined],
    ["-9223372036854775808", "-9223372036854775808", undefined],
  ])("the int %s stays exact", (digits, value, integer) => {
    const views = [
      ...bothSpans({ attributes: [{ key: "a", value: { intValue: digits } }] }),
      ...jsonItems("traces", attributeText(`{"intValue":${digits}}`)),
    ];
    expect(views.length).toBe(3);
    for (const { attributes } of views) {
      expect(attributes.value("a")).toStrictEqual({ type: "int", value });
      expect(attributes.integer("a")).toBe(integer);
      expect(attributes.text("a")).toBe(digits);
    }
  });
});

test("the eventName field and the event.name attribute are kept apart (Codex)", () => {
  for (const log of bothLogs({
    eventName: "event core/src/agent_communication.rs:77",
    attributes: [{ key: "event.name", value: { stringValue: "codex.agent_communication" } }],
  })) {
    expect(log.eventName).toBe("event core/src/agent_communication.rs:77");
    expect(log.attributes.text("event.name")).toBe("codex.agent_communication");
  }
});

test("event.name is generic, so the scope is there to dispatch on (Claude)", () => {
  const scope = { name: "com.anthropic.claude_code.events", version: "2.1.330" };
  const logRecords = [{ attributes: [{ key: "event.name", value: { stringValue: "auth" } }] }];
  for (const log of both("logs", { resourceLogs: [{ scopeLogs: [{ scope, logRecords }] }] })) {
    expect(log.scope).toStrictEqual(scope);
    expect(log.attributes.text("event.name")).toBe("auth");
  }
});

test("the same attribute with two types reads alike (thread.id, Codex)", () => {
  const values = [{ intValue: "7" }, { stringValue: "7" }];
  const texts = values.flatMap((value) =>
    bothSpans({ attributes: [{ key: "thread.id", value }] }).map((span) => [
      span.attributes.text("thread.id"),
      span.attributes.integer("thread.id"),
    ]),
  );
  expect(texts).toStrictEqual(Array.from({ length: 4 }, () => ["7", 7]));
});

test("of two equal names the last wins", () => {
  const attributes = [1, 2, 3].map((n) => ({ key: "a", value: { intValue: String(n) } }));
  for (const span of bothSpans({ attributes })) {
    expect(span.attributes.integer("a")).toBe(3);
    expect([...span.attributes.names()]).toStrictEqual(["a"]);
    expect(span.attributes.integer("a")).toBe(3);
  }
  const [twice] = jsonItems("traces", attributeText('{"intValue":1,"intValue":2}'));
  expect(twice?.attributes.integer("a")).toBe(2);
});

test("a single request of more than 1.2 MB is read whole (Codex)", () => {
  const text = "x".repeat(1_300_000);
  for (const span of bothSpans({ attributes: [{ key: "a", value: { stringValue: text } }] })) {
    expect(span.attributes.text("a")?.length).toBe(1_300_000);
  }
});

test("delta and cumulative are kept, and what is neither stays unspecified", () => {
  const dataPoints = [{ asInt: "3", timeUnixNano: "1795418887762670407" }];
  const shown = [1, 2, 0, 9].map((aggregationTemporality) =>
    bothMetrics({
      name: "m",
      unit: "{token}",
      sum: { dataPoints, aggregationTemporality, isMonotonic: true },
    }),
  );
  expect(shown.flat().map((point) => point.temporality)).toStrictEqual(
    ["delta", "cumulative", "unspecified", "unspecified"].flatMap((word) => [word, word]),
  );
  for (const point of shown.flat()) {
    expect(point).toMatchObject({
      type: "sum",
      name: "m",
      unit: "{token}",
      value: 3,
      monotonic: true,
    });
  }
  for (const point of bothMetrics({ gauge: { dataPoints: [{ asDouble: 0 }] } })) {
    expect(point).toMatchObject({
      type: "gauge",
      temporality: "unspecified",
      value: 0,
      count: undefined,
    });
  }
});

test("a missing number is missing, never 0: except a count and the sum of a summary, which protobuf omits when 0", () => {
  const empty = { dataPoints: [{}] };
  const values = ["gauge", "sum", "histogram", "exponentialHistogram", "summary"].map((kind) =>
    bothMetrics({ [kind]: empty }).map((point) => [point.value, point.count]),
  );
  expect(values).toStrictEqual(
    [
      [undefined, undefined],
      [undefined, undefined],
      [undefined, 0],
      [undefined, 0],
      [0, 0],
    ].map((pair) => [pair, pair]),
  );
});

test("the status stays UNSET where the agent left it so, whatever happened", () => {
  for (const span of bothSpans({
    attributes: [{ key: "success", value: { stringValue: "false" } }],
  })) {
    expect([span.statusCode, span.statusMessage]).toStrictEqual([0, ""]);
    expect(span.attributes.boolean("success")).toBe(false);
  }
});

test("unknown fields are ignored, and names that are not lowerCamelCase are unknown", () => {
  const [span] = jsonItems(
    "traces",
    '{"new":1,"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"n","trace_id":"00","attributes":[],"later":{"x":[]}}]}]}]}',
  );
  expect(span).toMatchObject({ signal: "span", name: "n", traceId: undefined });
});

test("enums may be numbers or names", () => {
  const kinds = ['"SPAN_KIND_CLIENT"', "3", '"3"'].map((kind) => {
    const text = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"kind":${kind},"status":{"code":"STATUS_CODE_ERROR"}}]}]}]}`;
    const [span] = jsonItems("traces", text);
    return span?.signal === "span" ? [span.kind, span.statusCode] : [];
  });
  expect(kinds).toStrictEqual([
    [3, 2],
    [3, 2],
    [3, 2],
  ]);
});
