import type { ContextManager, Tracer } from "@opentelemetry/api";
import type { SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { scopeName } from "./live-span.ts";
import { resourceOf } from "./origin.ts";
import { otel } from "./otel.ts";
import type { Settings } from "./settings.ts";
import { version } from "./version.ts";

/**
 * Starts the Node SDK of OpenTelemetry with `processor` as its only way out. `start()` registers
 * its provider for the whole process; that is taken back at once, so that the agent's own spans do
 * not come here and an SDK that the agent starts later is not disturbed.
 */
export function startNodeSdk(settings: Settings, processor: SpanProcessor): Tracer {
  const { trace, ProxyTracerProvider } = otel.api();
  const { NodeSDK, tracing } = otel.sdkNode();
  const sdk = new NodeSDK({
    resource: resourceOf(settings),
    // A process detector would send the command line, which may carry a prompt or a key.
    autoDetectResources: false,
    sampler: new tracing.AlwaysOnSampler(),
    spanProcessors: [processor],
    metricReaders: [],
    instrumentations: [],
    textMapPropagator: null,
    // The SDK reads null as "register none"; its type has forgotten it.
    contextManager: null as unknown as ContextManager,
  });
  const before = trace.getTracerProvider();
  withoutLogs(() => sdk.start());
  if (!(before instanceof ProxyTracerProvider)) return trace.getTracer(scopeName, version);
  const tracer = before.getDelegate().getTracer(scopeName, version);
  trace.disable();
  // Tracers the agent has got already keep asking `before`: it passes on what is registered later.
  before.setDelegate(trace.getTracerProvider());
  return tracer;
}

/** The SDK has no other word for "no logs" than this variable, which is put back before any other code runs. */
function withoutLogs(start: () => void): void {
  const said = process.env["OTEL_LOGS_EXPORTER"];
  process.env["OTEL_LOGS_EXPORTER"] = "none";
  try {
    start();
  } finally {
    if (said === undefined) delete process.env["OTEL_LOGS_EXPORTER"];
    else process.env["OTEL_LOGS_EXPORTER"] = said;
  }
}
