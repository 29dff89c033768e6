import type { StageDone } from "@custody/ledger";
import { type Attributes, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { type Delivery, type SelfTraces, selfHeader } from "./self-traces-port.ts";
import { createSpanBudget } from "./span-budget.ts";

export interface SelfTracesOptions {
  /** An OTLP/HTTP endpoint for traces, with its path. It is not ours: whoever opens this has checked. */
  readonly url: string;
  readonly version: string;
  /** Names this process: what comes back to it under this name is refused. */
  readonly instance: string;
}

const spansPerSecondMax = 10;
/** Spans that wait to be exported; beyond it they are dropped. */
const queueSpansMax = 512;
const exportTimeoutMs = 5_000;
const exportEveryMs = 1_000;
/** How long an end waits for an endpoint that does not answer. */
const closeMsMax = 1_000;

/**
 * Spans of the process itself, to somewhere else: one for each delivery and for each batch that is journalled, stored, sealed and published.
 * They hold counts, times and the names of doors and stages; never a tenant, a source or anything of a record (design 3, invariant 8).
 */
export function openSelfTraces({ url, version, instance }: SelfTracesOptions): SelfTraces {
  const processor = new BatchSpanProcessor(
    new OTLPTraceExporter({
      url,
      headers: { [selfHeader]: instance },
      timeoutMillis: exportTimeoutMs,
    }),
    {
      maxQueueSize: queueSpansMax,
      maxExportBatchSize: queueSpansMax,
      scheduledDelayMillis: exportEveryMs,
      exportTimeoutMillis: exportTimeoutMs,
    },
  );
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      "service.name": "custody",
      "service.version": version,
      "service.instance.id": instance,
    }),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer("custody", version);
  const budget = createSpanBudget(spansPerSecondMax, () => performance.now());
  const tell = (name: string, kind: SpanKind, durationMs: number, attributes: Attributes): void => {
    const skipped = budget(name);
    if (skipped === undefined) return;
    const endTime = Date.now();
    const startTime = endTime - durationMs;
    const span = tracer.startSpan(name, { kind, startTime, root: true });
    span.setAttributes({ ...attributes, "custody.spans.skipped": skipped });
    if (attributes["custody.refused"] === true) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(endTime);
  };
  return {
    instance,
    delivery: (one) => tell("deliver", SpanKind.SERVER, one.durationMs, deliveryAttributes(one)),
    stage: (one) => tell(one.stage, SpanKind.INTERNAL, one.durationMs, stageAttributes(one)),
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, closeMsMax);
      });
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}

function deliveryAttributes({ door, status, bytes, refused }: Delivery): Attributes {
  return {
    "custody.door": door,
    "custody.status": status,
    "custody.bytes": bytes,
    "custody.refused": refused,
  };
}

function stageAttributes({ from, to, files, bytes, waitedMs }: StageDone): Attributes {
  return {
    "custody.leaves": to - from,
    "custody.files": files,
    "custody.bytes": bytes,
    ...(waitedMs.length === 0 ? {} : { "custody.waited_ms": Math.max(...waitedMs) }),
  };
}
