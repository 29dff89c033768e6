import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { expect, test } from "vitest";
import { createTraceEncoder } from "./otlp-json.ts";
import { readableSpans } from "./readable-span.ts";
import type { SpanRecord } from "./span-record.ts";

const context = (id: string) => ({ traceId: "a".repeat(32), spanId: id.repeat(16), traceFlags: 1 });
const spans: readonly SpanRecord[] = [
  {
    name: 'a name with "quotes"\n',
    kind: 2,
    context: context("1"),
    parent: context("2"),
    follows: undefined,
    startTime: [1_790_000_000, 7],
    endTime: [1_790_000_001, 999_999_999],
    failed: true,
    common: ["session", "s-1"],
    attributes: [
      ...["text", 'tab\t, quote ", backslash \\, 😀, \u0000'],
      ...["whole", 42, "negative", -1, "part", 0.25, "yes", true],
      ...["list", ["one", "two"]],
    ],
  },
  {
    name: "plain",
    kind: 0,
    context: context("3"),
    parent: undefined,
    follows: context("1"),
    startTime: [1_790_000_000, 0],
    endTime: [1_790_000_000, 0],
    failed: false,
    common: ["session", "s-1"],
    attributes: ["one", "1"],
  },
];
const resource = resourceFromAttributes({ "service.name": "x", "process.pid": 7, tags: ["a"] });

interface Span {
  readonly status: { readonly code?: number };
  readonly parentSpanId?: string;
  readonly links?: readonly object[];
  readonly [field: string]: unknown;
}
interface Request {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

/** Both encodings without what the JSON mapping of protobuf lets a writer leave out: zeros and empty lists. */
function essence(body: Uint8Array): unknown {
  const request = JSON.parse(Buffer.from(body).toString("utf8")) as Request;
  const droppable = new Set(["flags", "events", "traceState"]);
  return JSON.parse(JSON.stringify(request), (key, value: unknown) => {
    const absent = droppable.has(key) || /^dropped/.test(key) || (key === "code" && value === 0);
    const emptyList = Array.isArray(value) && value.length === 0;
    return absent || emptyList ? undefined : value;
  });
}

test("the encoding says what the OpenTelemetry project's own serializer says of the same spans", () => {
  const theirs = JsonTraceSerializer.serializeRequest(readableSpans(resource)(spans));
  expect(essence(createTraceEncoder(resource)(spans))).toEqual(
    essence(theirs ?? new Uint8Array(0)),
  );
});
