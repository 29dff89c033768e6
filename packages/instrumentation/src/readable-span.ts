import type { HrTime } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { attributesOf } from "./attribute-list.ts";
import { statusError } from "./otel.ts";
import { type SpanRecord, scopeName } from "./span-record.ts";
import { version } from "./version.ts";

/** Shows our spans to the exporters of the OpenTelemetry project as the spans they know. */
export function readableSpans(
  resource: Resource,
): (spans: readonly SpanRecord[]) => ReadableSpan[] {
  const instrumentationScope = { name: scopeName, version };
  const readable = (span: SpanRecord): ReadableSpan => ({
    name: span.name,
    kind: span.kind,
    spanContext: () => span.context,
    ...(span.parent === undefined ? {} : { parentSpanContext: span.parent }),
    startTime: span.startTime,
    endTime: span.endTime,
    duration: durationOf(span.startTime, span.endTime),
    status: { code: span.failed ? statusError : 0 },
    attributes: { ...attributesOf(span.common), ...attributesOf(span.attributes) },
    links: span.follows === undefined ? [] : [{ context: span.follows }],
    events: [],
    ended: true,
    resource,
    instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  });
  return (spans) => spans.map(readable);
}

function durationOf(start: HrTime, end: HrTime): HrTime {
  const nanos = end[1] - start[1];
  return nanos < 0 ? [end[0] - start[0] - 1, nanos + 1e9] : [end[0] - start[0], nanos];
}
