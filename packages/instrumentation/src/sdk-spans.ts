import type { Tracer } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { attributesOf } from "./attribute-list.ts";
import type { Notices } from "./notice.ts";
import { otel, statusError } from "./otel.ts";
import { type StartSpan, scopeName } from "./span-record.ts";
import { version } from "./version.ts";

/** The SDK the agent registered with the OpenTelemetry API, if any. */
export function registeredSdk(): object | undefined {
  const proxy: object = otel.api().trace.getTracerProvider();
  const delegate: object =
    "getDelegate" in proxy && typeof proxy.getDelegate === "function" ? proxy.getDelegate() : proxy;
  return delegate.constructor.name === "NoopTracerProvider" ? undefined : delegate;
}

/** Makes spans through an SDK that was there before us. */
export function sdkSpans(sdk: object, notices: Notices): StartSpan {
  const { trace, ROOT_CONTEXT } = otel.api();
  // Any other SDK (an older major, a vendor's) gives its own tracer, and with it its own sampler.
  const tracer = joinedTracer(sdk) ?? trace.getTracer(scopeName, version);
  return ({ name, kind, startTime, common, attributes, parent, follows }) => {
    const around = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
    const links = follows === undefined ? [] : [{ context: follows }];
    const given = { ...attributesOf(common), ...attributesOf(attributes) };
    const options = { kind, startTime, attributes: given, links };
    const span = tracer.startSpan(name, options, around);
    if (!span.isRecording()) warnSampled(notices);
    return {
      context: span.spanContext(),
      end(from, failed, endTime) {
        span.setAttributes(attributesOf(attributes.slice(from)));
        if (failed) span.setStatus({ code: statusError });
        span.end(endTime);
      },
    };
  };
}

/**
 * Joins an SDK of our own major version: its processors and its resource, but not its sampler,
 * which may drop what an audit cannot do without.
 */
function joinedTracer(sdk: object): Tracer | undefined {
  if (!("_activeSpanProcessor" in sdk) || !("_resource" in sdk)) return undefined;
  const { BasicTracerProvider, AlwaysOnSampler } = otel.trace();
  const provider = new BasicTracerProvider({
    sampler: new AlwaysOnSampler(),
    resource: sdk._resource as Resource,
    spanProcessors: [sdk._activeSpanProcessor as SpanProcessor],
  });
  return provider.getTracer(scopeName, version);
}

function warnSampled(notices: Notices): void {
  notices.once(
    "sampled",
    "the OpenTelemetry SDK of this agent samples audit spans away. Set its sampler to always_on, or start the agent without it.",
  );
}
