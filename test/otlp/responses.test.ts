import { encodeExportResponse, encodeStatus, type Signal } from "@custody/otlp";
import { expect, test } from "vitest";
import { decodeMessage } from "./protobuf.ts";

const kinds: readonly (readonly [Signal, string, string])[] = [
  ["traces", "TracesResponse", "rejectedSpans"],
  ["logs", "LogsResponse", "rejectedLogRecords"],
  ["metrics", "MetricsResponse", "rejectedDataPoints"],
];
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

test.each(kinds)("full success of %s is the empty message", (signal) => {
  const none = { rejected: 0, message: "" };
  expect(encodeExportResponse(signal, "protobuf", none).length).toBe(0);
  expect(textOf(encodeExportResponse(signal, "json", none))).toBe("{}");
});

test.each(kinds)(
  "partial success of %s says how many and why, to protobufjs too",
  (signal, type, rejected) => {
    const refusal = { rejected: 300, message: "zu groß" };
    const expected = { partialSuccess: { [rejected]: "300", errorMessage: "zu groß" } };
    expect(decodeMessage(type, encodeExportResponse(signal, "protobuf", refusal))).toStrictEqual(
      expected,
    );
    expect(JSON.parse(textOf(encodeExportResponse(signal, "json", refusal)))).toStrictEqual(
      expected,
    );
  },
);

test("a warning rejects nothing and says so by absence", () => {
  const warning = { rejected: 0, message: "deprecated" };
  const expected = { partialSuccess: { errorMessage: "deprecated" } };
  expect(
    decodeMessage("LogsResponse", encodeExportResponse("logs", "protobuf", warning)),
  ).toStrictEqual(expected);
  expect(JSON.parse(textOf(encodeExportResponse("logs", "json", warning)))).toStrictEqual(expected);
});

test("a status holds its code and message in both encodings, and is well formed whatever it is given", () => {
  const expected = { code: 3, message: "malformed at byte 17 \uFFFD" };
  const message = "malformed at byte 17 \ud800";
  expect(decodeMessage("Status", encodeStatus("protobuf", 3, message))).toStrictEqual(expected);
  expect(JSON.parse(textOf(encodeStatus("json", 3, message)))).toStrictEqual(expected);
});

test("a delay is a RetryInfo in both encodings", () => {
  const url = "type.googleapis.com/google.rpc.RetryInfo";
  const status = decodeMessage("Status", encodeStatus("protobuf", 14, "full", 1_500));
  const [detail] = (status as { readonly details: readonly { readonly value: string }[] }).details;
  expect(status).toMatchObject({ code: 14, message: "full", details: [{ typeUrl: url }] });
  expect(decodeMessage("RetryInfo", Buffer.from(detail?.value ?? "", "base64"))).toStrictEqual({
    retryDelay: { seconds: "1", nanos: 500_000_000 },
  });
  expect(JSON.parse(textOf(encodeStatus("json", 14, "full", 1_500)))).toStrictEqual({
    code: 14,
    message: "full",
    details: [{ "@type": url, retryDelay: "1.5s" }],
  });
});
