import { createRequire } from "node:module";

/**
 * The OpenTelemetry libraries, loaded when the first audit span is near and not before: a process
 * that inherits `--import` but never talks to a model (a test runner, `npm`) must not pay for them.
 * All of them are CommonJS, so `require` loads them synchronously, in the middle of any call.
 */
const load: NodeJS.Require = createRequire(import.meta.url);

type Api = typeof import("@opentelemetry/api");
type Core = typeof import("@opentelemetry/core");
type Resources = typeof import("@opentelemetry/resources");
type Trace = typeof import("@opentelemetry/sdk-trace-base");
type SdkNode = typeof import("@opentelemetry/sdk-node");
type Transformer = typeof import("@opentelemetry/otlp-transformer");
type HttpExporter = typeof import("@opentelemetry/exporter-trace-otlp-http");
type ProtoExporter = typeof import("@opentelemetry/exporter-trace-otlp-proto");
type GrpcExporter = typeof import("@opentelemetry/exporter-trace-otlp-grpc");

export const otel = {
  api: (): Api => load("@opentelemetry/api") as Api,
  core: (): Core => load("@opentelemetry/core") as Core,
  resources: (): Resources => load("@opentelemetry/resources") as Resources,
  trace: (): Trace => load("@opentelemetry/sdk-trace-base") as Trace,
  sdkNode: (): SdkNode => load("@opentelemetry/sdk-node") as SdkNode,
  transformer: (): Transformer => load("@opentelemetry/otlp-transformer") as Transformer,
  httpExporter: (): HttpExporter => load("@opentelemetry/exporter-trace-otlp-http") as HttpExporter,
  protoExporter: (): ProtoExporter =>
    load("@opentelemetry/exporter-trace-otlp-proto") as ProtoExporter,
  grpcExporter: (): GrpcExporter => load("@opentelemetry/exporter-trace-otlp-grpc") as GrpcExporter,
} as const;

/** Numbers of the OpenTelemetry API, so that nothing but the loader above needs the library itself. */
export const spanKind = { internal: 0, client: 2 } as const;
export const statusError = 2;
