import type { SpanContext } from "@opentelemetry/api";
import type { SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { createDelivery } from "./delivery.ts";
import type { StartSpan } from "./live-span.ts";
import { startNodeSdk } from "./node-sdk.ts";
import type { Notices } from "./notice.ts";
import { otel } from "./otel.ts";
import type { Outbox } from "./outbox.ts";
import { joinedTracer, registeredSdk, sdkSpans } from "./sdk-spans.ts";
import type { Settings } from "./settings.ts";

/** Where audit spans are made: with an SDK the agent has already, else with one we start. */
export interface Tracing {
  readonly start: StartSpan;
  /** The span the agent itself is in, if its own SDK keeps one. */
  active(): SpanContext | undefined;
  /** Runs `work` inside `span`, so that the agent's own spans become its children. */
  within<T>(span: SpanContext, work: () => T): T;
  /** Delivers what is unsent, synchronously. With the agent's own SDK, delivery is its affair. */
  finish(): void;
  /** Delivers what is unsent while the event loop still runs; only where `finish` cannot. */
  readonly flush: (() => Promise<void>) | undefined;
}

export function createTracing(settings: Settings, notices: Notices): Tracing {
  const { trace, context } = otel.api();
  const sdk = registeredSdk();
  const delivery = sdk === undefined ? createDelivery(settings, notices) : undefined;
  const tracer =
    sdk === undefined ? startNodeSdk(settings, processorTo(delivery?.outbox)) : joinedTracer(sdk);
  const to = sdk === undefined ? settings.endpoint : "the agent's own OpenTelemetry SDK";
  notices.debug("started", `started, sending to ${to}`);
  return {
    start: sdkSpans(tracer, notices),
    active: () => trace.getSpanContext(context.active()),
    within: (span, work) => context.with(trace.setSpanContext(context.active(), span), work),
    finish: () => delivery?.finish(),
    flush: delivery?.needsLoop === true ? () => delivery.outbox.drain() : undefined,
  };
}

/** The SDK's way out. Without an outbox (`OTEL_TRACES_EXPORTER=none`) spans end here. */
function processorTo(outbox: Outbox | undefined): SpanProcessor {
  return {
    onStart() {},
    onEnd: (span) => outbox?.push(span),
    forceFlush: async () => outbox?.drain(),
    shutdown: async () => outbox?.drain(),
  };
}
