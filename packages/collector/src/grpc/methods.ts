import type { Signal } from "@custody/otlp";

/** The three methods of OTLP/gRPC by their path, which is the whole of what this port serves. */
export const methods: ReadonlyMap<string, Signal> = new Map([
  ["/opentelemetry.proto.collector.trace.v1.TraceService/Export", "traces"],
  ["/opentelemetry.proto.collector.logs.v1.LogsService/Export", "logs"],
  ["/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "metrics"],
]);
