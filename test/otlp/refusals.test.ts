import { decodeOtlp } from "@custody/otlp";
import { describe, expect, test } from "vitest";
import { attributeText, itemsOf, refusalOf } from "./decoded.ts";
import { encodeRequest } from "./protobuf.ts";

describe("protobuf is refused, with its position, where", () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    [
      "a length passes the end of the body",
      "0aff01",
      "a field claims 255 bytes where 0 remain",
      "byte 1",
    ],
    [
      "a length of 4 GB is claimed",
      "0affffffff0f",
      "a field claims 4294967295 bytes where 0 remain",
      "byte 1",
    ],
    [
      "a length passes its message but not the body",
      "0a020a050000000000",
      "a field claims 5 bytes where 0 remain",
      "byte 3",
    ],
    ["a varint has eleven bytes", "20ffffffffffffffffffff01", "a varint exceeds 64 bits", "byte 1"],
    [
      "a varint has ten bytes and goes on",
      `20${"80".repeat(10)}01`,
      "a varint is longer than ten bytes",
      "byte 1",
    ],
    ["a varint ends with the body", "2080", "a varint ends with its message", "byte 1"],
    ["a group begins", "0b0c", "wire type 3 is refused", "byte 0"],
    ["a group ends", "0c", "wire type 4 is refused", "byte 0"],
    ["a wire type does not exist", "0f", "wire type 7 is refused", "byte 0"],
    ["a field has number 0", "0200", "field number 0 does not exist", "byte 0"],
    ["a field number passes 2^29", "f8ffffffff0100", "a field number is out of range", "byte 0"],
    ["a message has the wire type of a number", "0801", "field 1 has wire type 0", "byte 1"],
    [
      "a fixed width passes the end",
      "0a0712051203390000",
      "8 bytes wanted where 2 remain",
      "byte 7",
    ],
  ];
  test.each(cases)("%s", (_, hex, reason, position) => {
    expect(decodeOtlp("traces", "protobuf", Buffer.from(hex, "hex"))).toStrictEqual({
      outcome: "malformed",
      reason,
      position,
    });
  });

  test("logs are sent to the path of traces", () => {
    const logs = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: "5" }] }] }] };
    const refusal = refusalOf("traces", "protobuf", encodeRequest("logs", logs));
    expect(refusal.reason).toBe("Span.traceId has wire type 1");
  });
});

test("unknown fields of every wire type are stepped over", () => {
  const unknown = Buffer.from(
    "f80701f90700000000000000 00fa070161fd0700000000".replaceAll(" ", ""),
    "hex",
  );
  const span = Buffer.concat([Buffer.from("2a016e", "hex"), unknown]);
  const nest = (bytes: Buffer, tag: number): Buffer =>
    Buffer.concat([Buffer.from([tag, bytes.length]), bytes]);
  const body = Buffer.concat([unknown, nest(nest(nest(span, 0x12), 0x12), 0x0a)]);
  expect(itemsOf("traces", "protobuf", body)).toMatchObject([{ signal: "span", name: "n" }]);
});

describe("JSON is refused, with its position, where", () => {
  const spans = "resourceSpans[0].scopeSpans[0].spans[0]";
  const span = (fields: string): string =>
    `{"resourceSpans":[{"scopeSpans":[{"spans":[{${fields}}]}]}]}`;
  const cases: readonly (readonly [string, string, string, string])[] = [
    ["the text is empty", "", "not JSON: the text ends early", "byte 0"],
    ["the text ends early", '{"resourceSpans":[', "not JSON: the text ends early", "byte 18"],
    [
      "a comma is too many",
      '{"resourceSpans":[],}',
      "not JSON: an unexpected character",
      "byte 20",
    ],
    ["something follows", "{} {}", "not JSON: an unexpected character", "byte 3"],
    ["brackets do not match", '{"a":[}]', "not JSON: an unexpected character", "byte 6"],
    ["a number begins with zero", '{"a":01}', "not JSON: an unexpected character", "byte 6"],
    ["a text holds a line break", '{"a":"\n"}', "not JSON: an unexpected character", "byte 6"],
    ["an escape is unknown", '{"a":"\\x"}', "not JSON: an unexpected character", "byte 7"],
    ["the request is a list", "[]", "the request is not an object", "byte 0"],
    ["a list is a text", '{"resourceSpans":"x"}', "resourceSpans is not an array", "resourceSpans"],
    ["an item is null", '{"resourceSpans":[null]}', "an item is not an object", "resourceSpans[0]"],
    [
      "an id is base64",
      span('"traceId":"q83vASNFZ4mrze8BI0VniQ=="'),
      "traceId is not hex: OTLP/JSON ids are hex, not base64",
      `${spans}.traceId`,
    ],
    ["an id is no text", span('"spanId":7'), "spanId is not an id in hex", `${spans}.spanId`],
    ["a name is a number", span('"name":7'), "name is not text", `${spans}.name`],
    [
      "a time is a fraction",
      span('"endTimeUnixNano":1.5'),
      "endTimeUnixNano is not an integer",
      `${spans}.endTimeUnixNano`,
    ],
    [
      "a time is negative",
      span('"endTimeUnixNano":"-1"'),
      "endTimeUnixNano is not in the range of its type",
      `${spans}.endTimeUnixNano`,
    ],
    [
      "an int passes 64 bits",
      span('"attributes":[{"value":{"intValue":"9223372036854775808"}}]'),
      "intValue is not in the range of its type",
      `${spans}.attributes[0].value.intValue`,
    ],
    [
      "an enum's name is unknown",
      span('"kind":"SPAN_KIND_OTHER"'),
      "kind is not an integer",
      `${spans}.kind`,
    ],
    [
      "a double is no number",
      span('"attributes":[{"value":{"doubleValue":"one"}}]'),
      "doubleValue is not a number",
      `${spans}.attributes[0].value.doubleValue`,
    ],
    [
      "bytes are not base64",
      span('"attributes":[{"value":{"bytesValue":"*"}}]'),
      "bytesValue is not base64",
      `${spans}.attributes[0].value.bytesValue`,
    ],
  ];
  test.each(cases)("%s", (_, text, reason, position) => {
    expect(decodeOtlp("traces", "json", Buffer.from(text))).toStrictEqual({
      outcome: "malformed",
      reason,
      position,
    });
  });

  test("the bytes are not UTF-8", () => {
    const bytes = Buffer.concat([
      Buffer.from('{"é\uFFFD":"'),
      Buffer.from([0xe2, 0x82]),
      Buffer.from('"}'),
    ]);
    expect(decodeOtlp("traces", "json", bytes)).toStrictEqual({
      outcome: "malformed",
      reason: "not UTF-8",
      position: "byte 10",
    });
  });
});

describe("texts that are no text are repaired and counted", () => {
  test("protobuf: bytes that are not UTF-8 read as U+FFFD, in values and in names", () => {
    const marked = { attributes: [{ key: "ZZa", value: { stringValue: "ZZb" } }], name: "ZZc" };
    const request = { resourceSpans: [{ scopeSpans: [{ spans: [marked] }] }] };
    const bytes = encodeRequest("traces", request);
    for (let at = bytes.indexOf("ZZ"); at >= 0; at = bytes.indexOf("ZZ"))
      bytes.fill(0xff, at, at + 2);
    const result = decodeOtlp("traces", "protobuf", bytes);
    expect(result).toMatchObject({
      outcome: "ok",
      repaired: 3,
      items: [{ name: "\uFFFD\uFFFDc" }],
    });
    const [span] = itemsOf("traces", "protobuf", bytes);
    expect(span?.attributes.text("\uFFFD\uFFFDa")).toBe("\uFFFD\uFFFDb");
    expect([...(span?.attributes.names() ?? [])]).toStrictEqual(["\uFFFD\uFFFDa"]);
  });

  test("protobuf: a surrogate encoded as three bytes reads as three U+FFFD, as WHATWG decodes it", () => {
    const request = { resourceSpans: [{ scopeSpans: [{ spans: [{ name: "ZZZ" }] }] }] };
    const bytes = encodeRequest("traces", request);
    Buffer.from("eda080", "hex").copy(bytes, bytes.indexOf("ZZZ"));
    expect(decodeOtlp("traces", "protobuf", bytes)).toMatchObject({
      repaired: 1,
      items: [{ name: "\uFFFD\uFFFD\uFFFD" }],
    });
  });

  test("JSON: escaped surrogates that stand alone read as U+FFFD, pairs stay, and the caller's bytes are left alone", () => {
    const text = attributeText('{"stringValue":"a\\ud800b\\udc00c\\ud83d\\ude00d\\uD83D"}');
    const bytes = Buffer.from(text);
    const result = decodeOtlp("traces", "json", bytes);
    expect(result).toMatchObject({ outcome: "ok", repaired: 1 });
    const [span] = itemsOf("traces", "json", bytes);
    expect(span?.attributes.text("a")).toBe("a\uFFFDb\uFFFDc\u{1F600}d\uFFFD");
    expect(bytes.toString()).toBe(text);
  });
});

test("a message in parts is joined as protobuf asks: resource, scope and status; a repeated value is replaced", () => {
  const part = (span: object, rest: object): Buffer =>
    encodeRequest("traces", { resourceSpans: [{ ...rest, scopeSpans: [{ spans: [span] }] }] });
  const inner = (bytes: Buffer): Buffer => bytes.subarray(2);
  const first = inner(
    part({}, { resource: { attributes: [{ key: "a", value: { intValue: 1 } }] } }),
  );
  const second = inner(
    part({ name: "n" }, { resource: { attributes: [{ key: "b", value: { intValue: 2 } }] } }),
  );
  const body = Buffer.concat([Buffer.from([0x0a, first.length + second.length]), first, second]);
  const items = itemsOf("traces", "protobuf", body);
  expect(items.length).toBe(2);
  for (const item of items) {
    expect([...item.resource.names()]).toStrictEqual(["a", "b"]);
    expect(item.json()).toContain(
      '"resource":{"attributes":[{"key":"a","value":{"intValue":"1"}},{"key":"b"',
    );
  }
});
