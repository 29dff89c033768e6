import type { Span, Tracer } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { type AttributeList, isTexts } from "./attribute-list.ts";
import { type StartSpan, scopeName } from "./live-span.ts";
import type { Notices } from "./notice.ts";
import { otel, statusError } from "./otel.ts";
import { version } from "./version.ts";

/** The SDK the agent registered with the OpenTelemetry API, if any. */
export function registeredSdk(): object | undefined {
  const proxy: object = otel.api().trace.getTracerProvider();
  const delegate =
    "getDelegate" in proxy && typeof proxy.getDelegate === "function"
      ? (Reflect.apply(proxy.getDelegate, proxy, []) as object)
      : proxy;
  return delegate.constructor.name === "NoopTracerProvider" ? undefined : delegate;
}

/**
 * Joins an SDK of our own major version: its processors and its resource, but not its sampler,
 * which may drop what an audit cannot do without. Any other SDK (an older major, a vendor's) gives
 * its own tracer, and with it its own sampler.
 */
export function joinedTracer(sdk: object): Tracer {
  if (!("_activeSpanProcessor" in sdk) || !("_resource" in sdk)) {
    return otel.api().trace.getTracer(scopeName, version);
  }
  const { BasicTracerProvider, AlwaysOnSampler } = otel.trace();
  const provider = new BasicTracerProvider({
    sampler: new AlwaysOnSampler(),
    resource: sdk._resource as Resource,
    spanProcessors: [sdk._activeSpanProcessor as SpanProcessor],
  });
  return provider.getTracer(scopeName, version);
}

/** Makes audit spans with an SDK's tracer. */
export function sdkSpans(tracer: Tracer, notices: Notices): StartSpan {
  const { trace, ROOT_CONTEXT } = otel.api();
  return ({ name, kind, startTime, common, attributes, parent, follows }) => {
    const around = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
    const options = { kind, startTime };
    const linked = follows === undefined ? options : { ...options, links: [{ context: follows }] };
    const span = tracer.startSpan(name, linked, around);
    if (!span.isRecording()) warnSampled(notices);
    return {
      context: span.spanContext(),
      end(failed, endTime) {
        // Written once, at the end: an SDK checks and copies what it is given at the start three times.
        write(span, common);
        write(span, attributes);
        if (failed) span.setStatus({ code: statusError });
        span.end(endTime);
      },
    };
  };
}

function write(span: Span, list: AttributeList): void {
  for (let at = 0; at < list.length; at += 2) {
    const value = list[at + 1] ?? "";
    span.setAttribute(String(list[at]), isTexts(value) ? [...value] : value);
  }
}

function warnSampled(notices: Notices): void {
  notices.once(
    "sampled",
    "the OpenTelemetry SDK of this agent samples audit spans away. Set its sampler to always_on, or start the agent without it.",
  );
}
