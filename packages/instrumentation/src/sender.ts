import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import { type AnswerTap, tapAnswers } from "./answer-tap.ts";
import { type PostVerdict, unreachable, verdictOf } from "./http-answer.ts";
import { otel } from "./otel.ts";
import type { OtlpRequest } from "./otlp-post.ts";
import { createQuietAgent } from "./quiet-agent.ts";
import type { Settings } from "./settings.ts";

/** One way of getting spans to where they go. */
export interface Sender {
  /** Always resolves. The caller keeps the spans until they are taken. */
  send(spans: readonly ReadableSpan[]): Promise<PostVerdict>;
  /** The spans as one plain request, where the protocol has such a form. */
  request(spans: readonly ReadableSpan[]): OtlpRequest | undefined;
}

/** The sender that `OTEL_TRACES_EXPORTER` and the OTLP protocol ask for. */
export function createSender(settings: Settings): Sender | undefined {
  const { exporter, endpoint: url, exportTimeoutMs: timeoutMillis } = settings;
  if (exporter === "none") return undefined;
  if (exporter === "http/json" || exporter === "http/protobuf") {
    return createHttpSender(settings, exporter);
  }
  const shipped =
    exporter === "console"
      ? new (otel.trace().ConsoleSpanExporter)()
      : new (otel.grpcExporter().OTLPTraceExporter)({ url, timeoutMillis });
  return { request: () => undefined, send: (spans) => exported(shipped, spans, undefined) };
}

/** How each form of OTLP over HTTP is called, and which exporter and serializer speak it. */
const httpForms = {
  "http/json": {
    type: "application/json",
    exporter: () => otel.httpExporter().OTLPTraceExporter,
    serializer: () => otel.transformer().JsonTraceSerializer,
  },
  "http/protobuf": {
    type: "application/x-protobuf",
    exporter: () => otel.protoExporter().OTLPTraceExporter,
    serializer: () => otel.transformer().ProtobufTraceSerializer,
  },
} as const;

function createHttpSender(settings: Settings, protocol: keyof typeof httpForms): Sender {
  const form = httpForms[protocol];
  const own: Record<string, string> =
    settings.key === undefined ? {} : { authorization: `Bearer ${settings.key}` };
  const agent = createQuietAgent(settings.endpoint, settings.tls);
  const tap = tapAnswers(agent);
  // Headers and compression of the environment it reads itself.
  const exporter = new (form.exporter())({
    url: settings.endpoint,
    headers: own,
    timeoutMillis: settings.exportTimeoutMs,
    httpAgentOptions: () => agent,
  });
  const headers = {
    ...otel.core().parseKeyPairsIntoRecord(settings.headers),
    ...own,
    "content-type": form.type,
  };
  return {
    send: (spans) => exported(exporter, spans, tap),
    request: (spans) => ({
      url: settings.endpoint,
      headers,
      body: form.serializer().serializeRequest([...spans]) ?? new Uint8Array(0),
      gzip: settings.gzip,
    }),
  };
}

/** One export. Over HTTP its verdict is the answer's own; a fault of the network has a named code. */
function exported(
  exporter: SpanExporter,
  spans: readonly ReadableSpan[],
  tap: AnswerTap | undefined,
): Promise<PostVerdict> {
  tap?.clear();
  return new Promise((resolve) => {
    exporter.export([...spans], ({ code, error }) => {
      const answer = tap?.last();
      if (code === 0) return resolve({ outcome: "taken", answer: answer?.text ?? "" });
      const fault = unreachable(error ?? "no answer");
      const answered = answer === undefined ? fault : verdictOf(answer);
      resolve(answered.outcome === "refused" && !isNetworkFault(error) ? answered : fault);
    });
  });
}

function isNetworkFault(error: Error | undefined): boolean {
  return error !== undefined && "code" in error && typeof error.code === "string";
}
