import type { SpanExporter } from "@opentelemetry/sdk-trace-base";
import { resourceOf } from "./origin.ts";
import { otel } from "./otel.ts";
import { createTraceEncoder } from "./otlp-json.ts";
import { type OtlpRequest, type PostVerdict, postOnce } from "./otlp-post.ts";
import { createQuietAgent } from "./quiet-agent.ts";
import { readableSpans } from "./readable-span.ts";
import type { Settings } from "./settings.ts";
import type { SpanRecord } from "./live-span.ts";

/** One way of getting spans to where they go. */
export interface Sender {
  /** Always resolves. The caller keeps the spans until they are taken. */
  send(spans: readonly SpanRecord[]): Promise<PostVerdict>;
  /** The spans as one plain request, where the protocol has such a form. */
  request(spans: readonly SpanRecord[]): OtlpRequest | undefined;
}

/** The sender that `OTEL_TRACES_EXPORTER` and the OTLP protocol ask for. */
export function createSender(settings: Settings): Sender | undefined {
  const { exporter } = settings;
  if (exporter === "none") return undefined;
  if (exporter === "http/json") return createPostSender(settings, jsonForm(settings));
  if (exporter === "http/protobuf") return createPostSender(settings, protobufForm(settings));
  const { ConsoleSpanExporter } = otel.trace();
  const shipped =
    exporter === "console"
      ? new ConsoleSpanExporter()
      : new (otel.grpcExporter().OTLPTraceExporter)({
          url: settings.endpoint,
          timeoutMillis: settings.exportTimeoutMs,
        });
  return createShippedSender(settings, shipped);
}

interface BodyForm {
  readonly type: string;
  encode(spans: readonly SpanRecord[]): Uint8Array;
}

function jsonForm(settings: Settings): BodyForm {
  return { type: "application/json", encode: createTraceEncoder(resourceOf(settings)) };
}

function protobufForm(settings: Settings): BodyForm {
  const { ProtobufTraceSerializer } = otel.transformer();
  const readable = readableSpans(resourceOf(settings));
  return {
    type: "application/x-protobuf",
    encode: (spans) =>
      ProtobufTraceSerializer.serializeRequest(readable(spans)) ?? new Uint8Array(0),
  };
}

function createPostSender(settings: Settings, form: BodyForm): Sender {
  const headers = {
    ...otel.core().parseKeyPairsIntoRecord(settings.headers),
    ...(settings.key === undefined ? {} : { authorization: `Bearer ${settings.key}` }),
    "content-type": form.type,
  };
  const agent = createQuietAgent(settings.endpoint, settings.tls);
  const request = (spans: readonly SpanRecord[]): OtlpRequest => ({
    url: settings.endpoint,
    headers,
    body: form.encode(spans),
    gzip: settings.gzip,
  });
  return {
    request,
    send: (spans) => postOnce(request(spans), agent, settings.exportTimeoutMs),
  };
}

/** An exporter of the OpenTelemetry project, for what is not a plain HTTP request. */
function createShippedSender(settings: Settings, exporter: SpanExporter): Sender {
  const readable = readableSpans(resourceOf(settings));
  return {
    request: () => undefined,
    send: (spans) =>
      new Promise((resolve) => {
        exporter.export(readable(spans), ({ code, error }) => {
          const reason = error?.message ?? "no answer";
          resolve(
            code === 0 ? { outcome: "taken", answer: "" } : { outcome: "unreachable", reason },
          );
        });
      }),
  };
}
