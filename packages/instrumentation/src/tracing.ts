import type { SpanContext } from "@opentelemetry/api";
import { createDelivery } from "./delivery.ts";
import type { Notices } from "./notice.ts";
import { otel } from "./otel.ts";
import { ownSpans } from "./own-spans.ts";
import { registeredSdk, sdkSpans } from "./sdk-spans.ts";
import type { Settings } from "./settings.ts";
import type { StartSpan } from "./span-record.ts";

/**
 * Where audit spans are made: with an SDK the agent has already, else by ourselves. We never
 * register as the global provider: an SDK that the agent starts later is not disturbed.
 */
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
  const start =
    sdk === undefined ? ownSpans((span) => delivery?.outbox.push(span)) : sdkSpans(sdk, notices);
  const to = sdk === undefined ? settings.endpoint : "the agent's own OpenTelemetry SDK";
  notices.debug("started", `started, sending to ${to}`);
  return {
    start,
    active: () => trace.getSpanContext(context.active()),
    within: (span, work) => context.with(trace.setSpanContext(context.active(), span), work),
    finish: () => delivery?.finish(),
    flush: delivery?.needsLoop === true ? () => delivery.outbox.drain() : undefined,
  };
}
