import { Metadata } from "@grpc/grpc-js";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-grpc";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-grpc";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";

type Result = { readonly code: number; readonly error?: Error };
type Deliver = (done: (result: Result) => void) => void;

/** Exports one item of a signal with the exporter that the OpenTelemetry SDK ships for gRPC; rejects as the exporter fails. */
export async function exportOne(
  signal: "traces" | "logs" | "metrics",
  { url, key }: { readonly url: string; readonly key: string },
): Promise<void> {
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${key}`);
  const deliver = await deliveries[signal]({ url, metadata });
  await new Promise<void>((resolve, reject) => {
    deliver(({ code, error }) => (code === 0 ? resolve() : reject(error)));
  });
}

interface Options {
  readonly url: string;
  readonly metadata: Metadata;
}

const deliveries: Readonly<
  Record<"traces" | "logs" | "metrics", (options: Options) => Promise<Deliver>>
> = {
  async traces(options) {
    const made = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(made)] });
    const attributes = { "gen_ai.operation.name": "chat", "gen_ai.conversation.id": "exported" };
    provider.getTracer("test").startSpan("chat", { attributes }).end();
    await provider.forceFlush();
    return (done) => new OTLPTraceExporter(options).export(made.getFinishedSpans(), done);
  },
  async logs(options) {
    const made = new InMemoryLogRecordExporter();
    const provider = new LoggerProvider({
      processors: [new SimpleLogRecordProcessor({ exporter: made })],
    });
    provider.getLogger("test").emit({ eventName: "test.event", body: "said" });
    await provider.forceFlush();
    return (done) => new OTLPLogExporter(options).export(made.getFinishedLogRecords(), done);
  },
  async metrics(options) {
    const made = new InMemoryMetricExporter(AggregationTemporality.DELTA);
    const reader = new PeriodicExportingMetricReader({ exporter: made });
    const provider = new MeterProvider({ readers: [reader] });
    provider.getMeter("test").createCounter("test.counter").add(1);
    await provider.forceFlush();
    const [metrics] = made.getMetrics();
    await provider.shutdown();
    return (done) => new OTLPMetricExporter(options).export(metrics as ResourceMetrics, done);
  },
};
