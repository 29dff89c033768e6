import { limits, type SignalView } from "@custody/model";
import type { Encoding, Signal } from "@custody/otlp";
import { describe, expect, test } from "vitest";
import { itemsOf, refusalOf } from "./decoded.ts";
import { encodeRequest } from "./protobuf.ts";

const encodings: readonly Encoding[] = ["protobuf", "json"];

const bodyOf = (signal: Signal, encoding: Encoding, request: object): Buffer =>
  encoding === "json" ? Buffer.from(JSON.stringify(request)) : encodeRequest(signal, request);

describe("limits", () => {
  const nested = (depth: number): object =>
    depth === 1 ? { stringValue: "x" } : { arrayValue: { values: [nested(depth - 1)] } };
  const request = (value: object): object => ({
    resourceSpans: [{ scopeSpans: [{ spans: [{ attributes: [{ key: "a", value }] }] }] }],
  });

  test.each(encodings)("a value may nest 32 deep and not 33 (%s)", (encoding) => {
    const [span] = itemsOf("traces", encoding, bodyOf("traces", encoding, request(nested(32))));
    expect(span?.attributes.text("a")).toBe(`${"[".repeat(31)}"x"${"]".repeat(31)}`);
    const refusal = refusalOf("traces", encoding, bodyOf("traces", encoding, request(nested(33))));
    expect(refusal.reason).toBe(`a value nests deeper than ${limits.anyValueDepthMax}`);
  });

  test("JSON nested a million deep is refused before it is parsed", () => {
    const text = `{"x":${"[".repeat(1_000_000)}`;
    expect(refusalOf("traces", "json", Buffer.from(text))).toMatchObject({
      reason: `JSON nests deeper than ${limits.jsonDepthMax}`,
      position: `byte ${4 + limits.jsonDepthMax}`,
    });
  });

  test("protobuf nested a hundred thousand deep is refused", () => {
    // From the inside out: each level is an arrayValue that holds one value, with lengths of five bytes.
    const lengths: number[] = [0];
    for (let level = 0; level < 100_000; level++) lengths.push((lengths.at(-1) ?? 0) + 12);
    const wide = (length: number): number[] =>
      [0, 7, 14, 21].map((s) => ((length >>> s) & 127) | 128).concat(length >>> 28);
    const deep: number[] = [];
    for (let level = lengths.length - 1; level > 0; level--) {
      const inner = lengths[level - 1] ?? 0;
      deep.push(0x2a, ...wide(inner + 6), 0x0a, ...wide(inner));
    }
    let body = Buffer.from(deep);
    for (const tag of [0x12, 0x4a, 0x12, 0x12, 0x0a]) {
      body = Buffer.concat([Buffer.from([tag, ...wide(body.length)]), body]);
    }
    expect(refusalOf("traces", "protobuf", body).reason).toBe("a value nests deeper than 32");
  });

  test("more items than a request may hold are refused", () => {
    const one = Buffer.from([0x12, 0x00]);
    const items = Buffer.concat(Array.from({ length: limits.requestItemsMax + 1 }, () => one));
    const wide = (length: number): number[] => [
      (length & 127) | 128,
      ((length >>> 7) & 127) | 128,
      length >>> 14,
    ];
    const scope = Buffer.concat([Buffer.from([0x12, ...wide(items.length)]), items]);
    const body = Buffer.concat([Buffer.from([0x0a, ...wide(scope.length)]), scope]);
    expect(refusalOf("logs", "protobuf", body).reason).toBe(
      "more than 100000 items in one request",
    );
    const spans = Array.from({ length: limits.requestItemsMax + 1 }, () => ({}));
    const json = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
    expect(refusalOf("traces", "json", json).reason).toBe("more than 100000 items in one request");
  });

  test("millions of empty attributes are refused before they cost their many times", () => {
    const count = limits.requestValuesMax + 1;
    const attributes = Buffer.alloc(count * 2);
    for (let at = 0; at < attributes.length; at += 2) attributes[at] = 0x4a;
    let body = attributes;
    for (const tag of [0x12, 0x12, 0x0a]) {
      const length = body.length;
      const head = [length & 127, (length >>> 7) & 127, (length >>> 14) & 127].map((b) => b | 128);
      body = Buffer.concat([Buffer.from([tag, ...head, length >>> 21]), body]);
    }
    const before = process.memoryUsage().arrayBuffers;
    expect(refusalOf("traces", "protobuf", body).reason).toBe(
      `more than ${limits.requestValuesMax} values in one request`,
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(256 * 1024 * 1024);
    const json = Buffer.from(`{"x":[${"{},".repeat(limits.jsonTokensMax / 2)}{}]}`);
    expect(refusalOf("traces", "json", json).reason).toBe(
      `JSON holds more than ${limits.jsonTokensMax} values`,
    );
  });

  test("ten thousand attributes of one item are found in time that grows with their number", () => {
    const attributes = Array.from({ length: 10_000 }, (_, n) => ({
      key: `k${n}`,
      value: { intValue: String(n) },
    }));
    const bytes = encodeRequest("traces", {
      resourceSpans: [{ scopeSpans: [{ spans: [{ attributes }] }] }],
    });
    const [span] = itemsOf("traces", "protobuf", bytes);
    let sum = 0;
    for (const name of span?.attributes.names() ?? []) sum += span?.attributes.integer(name) ?? 0;
    expect(sum).toBe((10_000 * 9_999) / 2);
  });

  test.each(encodings)(
    "a huge resource is not repeated in the JSON of each item (%s)",
    (encoding) => {
      const request = (length: number): object => ({
        resourceSpans: [
          {
            resource: { attributes: [{ key: "r", value: { stringValue: "x".repeat(length) } }] },
            scopeSpans: [{ spans: [{ name: "n" }] }],
          },
        ],
      });
      const jsonOf = (length: number): string | undefined =>
        itemsOf("traces", encoding, bodyOf("traces", encoding, request(length))).map(
          (view: SignalView) => view.json(),
        )[0];
      expect(jsonOf(3)).toBe(
        '{"resourceSpans":[{"resource":{"attributes":[{"key":"r","value":{"stringValue":"xxx"}}]},"scopeSpans":[{"spans":[{"name":"n"}]}]}]}',
      );
      expect(jsonOf(100_000)).toBe('{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"n"}]}]}]}');
    },
  );
});
