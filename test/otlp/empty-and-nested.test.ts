import { describe, expect, test } from "vitest";
import { bothLogs, bothSpans, jsonItems } from "./decoded.ts";

/** The receiver pitfalls of agent-telemetry 15.3, continued. */

describe("empty AnyValue, null body, array and kvlist values (Gemini, Qwen, opencode, Claude)", () => {
  test("an empty AnyValue is a value without a reading, and an attribute without one is the same", () => {
    for (const { attributes } of bothSpans({
      attributes: [{ key: "a", value: {} }, { key: "b" }],
    })) {
      expect([...attributes.names()]).toStrictEqual(["a", "b"]);
      for (const name of ["a", "b"]) {
        expect(attributes.value(name)).toStrictEqual({ type: "empty" });
        expect(attributes.text(name)).toBeUndefined();
        expect(attributes.has(name)).toBe(true);
      }
      expect(attributes.value("c")).toBeUndefined();
      expect(attributes.has("c")).toBe(false);
    }
  });

  test("a null body is no body, an empty one is an empty value", () => {
    const text = (body: string): string =>
      `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${body}}]}]}]}`;
    const bodies = ["null", "{}", '{"stringValue":null}'].map(
      (body) => jsonItems("logs", text(body)).find((view) => view.signal === "log")?.body,
    );
    expect(bodies).toStrictEqual([undefined, { type: "empty" }, { type: "empty" }]);
    expect(bothLogs({}).map((log) => log.body)).toStrictEqual([undefined, undefined]);
    expect(bothLogs({ body: {} }).map((log) => log.body)).toStrictEqual([
      { type: "empty" },
      { type: "empty" },
    ]);
  });

  test("null is absence for every field, and in a list of values it is the empty value", () => {
    const [span] = jsonItems(
      "traces",
      '{"resourceSpans":[{"resource":null,"scopeSpans":[{"scope":null,"spans":[{"traceId":null,"name":null,"kind":null,' +
        '"startTimeUnixNano":null,"events":null,"status":null,"attributes":[{"key":"a","value":{"arrayValue":{"values":[null,{"intValue":1}]}}}]}]}]}]}',
    );
    expect(span).toMatchObject({ traceId: undefined, name: "", kind: 0, start: undefined });
    expect(span?.attributes.value("a")).toStrictEqual({
      type: "array",
      value: [{ type: "empty" }, { type: "int", value: 1 }],
    });
  });

  test("lists read as the JSON text that the source would have written", () => {
    const value = {
      kvlistValue: {
        values: [
          { key: "argv", value: { arrayValue: { values: [{ stringValue: "ls" }, {}] } } },
          { key: "n", value: { intValue: "9007199254740993" } },
          { key: "ratio", value: { doubleValue: 0.5 } },
          { key: "none", value: { doubleValue: "NaN" } },
          { key: "raw", value: { bytesValue: "AQI=" } },
        ],
      },
    };
    for (const { attributes } of bothSpans({ attributes: [{ key: "a", value }] })) {
      expect(attributes.text("a")).toBe(
        '{"argv":["ls",null],"n":"9007199254740993","ratio":0.5,"none":"NaN","raw":"AQI="}',
      );
      expect(attributes.integer("a")).toBeUndefined();
    }
  });

  test("hostile names are ordinary names", () => {
    const entries = ["__proto__", "constructor", "toString"].map((key) => ({
      key,
      value: { stringValue: key },
    }));
    const value = { kvlistValue: { values: entries } };
    for (const { attributes } of bothSpans({ attributes: [...entries, { key: "a", value }] })) {
      expect(attributes.text("__proto__")).toBe("__proto__");
      expect(attributes.text("hasOwnProperty")).toBeUndefined();
      expect(attributes.text("a")).toBe(
        '{"__proto__":"__proto__","constructor":"constructor","toString":"toString"}',
      );
    }
  });
});
