import type { Attributes, HrTime, Link, Span, SpanContext, Tracer } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { createDelivery } from "./delivery.ts";
import type { Notices } from "./notice.ts";
import { otel } from "./otel.ts";
import type { Settings } from "./settings.ts";
import { version } from "./version.ts";

export interface SpanStart {
  readonly kind: number;
  readonly startTime: HrTime;
  readonly attributes: Attributes;
  readonly links?: Link[];
}

/** Where audit spans are made. `joined`: an SDK was there first, and its processors get them. */
export interface Tracing {
  readonly mode: "own" | "joined" | "foreign";
  start(name: string, span: SpanStart, parent: SpanContext | undefined): Span;
  /** The span the agent itself is in, if its own SDK keeps one. */
  active(): SpanContext | undefined;
  /** Runs `work` inside `span`, so that the agent's own spans become its children. */
  within<T>(span: SpanContext, work: () => T): T;
  /** Delivers what is unsent, synchronously. Only the own mode has anything to deliver. */
  finish(): void;
  /** Delivers what is unsent while the event loop still runs; only where `finish` cannot. */
  readonly flush: (() => Promise<void>) | undefined;
}

export function createTracing(settings: Settings, notices: Notices): Tracing {
  const found = foundProvider();
  const own = found === undefined ? createOwn(settings, notices) : undefined;
  const tracer = own?.tracer ?? joinedTracer(found) ?? foreignTracer();
  const mode = own !== undefined ? "own" : joinedTracer(found) ? "joined" : "foreign";
  notices.debug("started", `started (${mode}), sending to ${settings.endpoint}`);
  const { trace, context, ROOT_CONTEXT } = otel.api();
  return {
    mode,
    start(name, span, parent) {
      const around =
        parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
      const made = tracer.startSpan(name, span, around);
      if (mode === "foreign" && !made.isRecording()) warnSampled(notices);
      return made;
    },
    active: () => trace.getSpanContext(context.active()),
    within: (span, work) => context.with(trace.setSpanContext(context.active(), span), work),
    finish: () => own?.finish(),
    flush: own?.flush,
  };
}

interface OwnTracing {
  readonly tracer: Tracer;
  finish(): void;
  readonly flush: (() => Promise<void>) | undefined;
}

/**
 * Our own provider, not registered as the global one: an SDK that the agent starts later is not
 * disturbed. It has no sampler but "always": `OTEL_TRACES_SAMPLER` never drops an audit span.
 */
function createOwn(settings: Settings, notices: Notices): OwnTracing {
  const delivery = createDelivery(settings, notices);
  const { BasicTracerProvider, AlwaysOnSampler } = otel.trace();
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } =
    otel.resources();
  const { name, version: agentVersion } = settings.agent;
  const described = resourceFromAttributes({
    "service.name": name,
    "service.instance.id": `${settings.srcId}:${process.pid}`,
    "process.pid": process.pid,
    "telemetry.distro.name": "custody",
    "telemetry.distro.version": version,
    ...(agentVersion === undefined ? {} : { "service.version": agentVersion }),
  });
  // No process or host detector: a command line may carry a prompt or a key.
  const fromEnv = detectResources({ detectors: [envDetector] });
  const provider = new BasicTracerProvider({
    sampler: new AlwaysOnSampler(),
    resource: defaultResource().merge(described).merge(fromEnv),
    spanProcessors: delivery === undefined ? [] : [delivery.outbox],
  });
  return {
    tracer: provider.getTracer(scopeName, version),
    finish: () => delivery?.finish(),
    flush: delivery?.needsLoop === true ? () => delivery.outbox.forceFlush() : undefined,
  };
}

export const scopeName = "@custody/instrumentation";

/** The SDK the agent registered with the OpenTelemetry API, if any. */
function foundProvider(): object | undefined {
  const proxy: object = otel.api().trace.getTracerProvider();
  const delegate =
    "getDelegate" in proxy && typeof proxy.getDelegate === "function" ? proxy.getDelegate() : proxy;
  return delegate?.constructor?.name === "NoopTracerProvider" ? undefined : delegate;
}

/**
 * Joins an SDK of our own major version: its processors and its resource, but not its sampler,
 * which may drop what an audit cannot do without.
 */
function joinedTracer(found: object | undefined): Tracer | undefined {
  if (found === undefined || !("_activeSpanProcessor" in found) || !("_resource" in found)) {
    return undefined;
  }
  const { BasicTracerProvider, AlwaysOnSampler } = otel.trace();
  const resource = found._resource as Resource;
  const provider = new BasicTracerProvider({
    sampler: new AlwaysOnSampler(),
    resource,
    spanProcessors: [found._activeSpanProcessor as SpanProcessor],
  });
  return provider.getTracer(scopeName, version);
}

/** Any other SDK (an older major, a vendor's): its own tracer, and with it its own sampler. */
function foreignTracer(): Tracer {
  return otel.api().trace.getTracer(scopeName, version);
}

function warnSampled(notices: Notices): void {
  notices.once(
    "sampled",
    "the OpenTelemetry SDK of this agent samples audit spans away. Set its sampler to always_on, or start the agent without it.",
  );
}
