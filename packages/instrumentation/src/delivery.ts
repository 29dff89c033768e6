import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import { type FinalRequest, sendWhileExiting } from "./final-flush.ts";
import type { Notices } from "./notice.ts";
import { otel } from "./otel.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { quietAgents } from "./quiet-agent.ts";
import type { ExporterName, Settings } from "./settings.ts";

/** Brings spans to the collector while the agent runs, and once more while it exits. */
export interface Delivery {
  readonly outbox: Outbox;
  /** Sends what is unsent, synchronously, for at most the flush timeout. Safe to call twice. */
  finish(): void;
  /** True where nothing can be sent synchronously (gRPC): what is unsent goes before the loop ends. */
  readonly needsLoop: boolean;
}

export function createDelivery(settings: Settings, notices: Notices): Delivery | undefined {
  const exporter = exporterFor(settings);
  if (exporter === undefined) return undefined;
  const undelivered = (reason: string): void => {
    notices.once("undelivered", undeliveredText(settings, reason));
  };
  const outbox = createOutbox({ exporter, notices, undelivered }, settings);
  if (settings.exporter === "grpc" && settings.key !== undefined) {
    notices.once("grpc-key", "CUSTODY_KEY is not sent over gRPC: use OTEL_EXPORTER_OTLP_HEADERS.");
  }
  const finish = (): void => {
    const spans = outbox.unsent();
    const budgetMs = settings.flushTimeoutMs - outbox.blockedMs();
    if (spans.length === 0 || budgetMs <= 0) return;
    const request = finalRequest(settings, spans);
    if (request === undefined) {
      // The console writes at once; gRPC had its chance before the loop ended.
      void outbox.forceFlush();
      return;
    }
    const verdict = sendWhileExiting(request, budgetMs);
    if (verdict.outcome === "failed") undelivered(verdict.reason);
  };
  return { outbox, finish, needsLoop: settings.exporter === "grpc" };
}

function undeliveredText(settings: Settings, reason: string): string {
  const cause = reason === "" ? "" : ` (${reason.slice(0, 200)})`;
  return (
    `cannot deliver audit spans to ${withoutCredentials(settings.endpoint)}${cause}. The agent runs on, unrecorded until this works. ` +
    "Start a collector (npx custody up), or point OTEL_EXPORTER_OTLP_ENDPOINT at one and set CUSTODY_KEY if it asks for a key."
  );
}

function authorization(settings: Settings): Record<string, string> {
  return settings.key === undefined ? {} : { authorization: `Bearer ${settings.key}` };
}

function withoutCredentials(endpoint: string): string {
  try {
    const url = new URL(endpoint);
    return `${url.protocol}//${url.host}${url.pathname}`;
  } catch {
    return "an endpoint that is not a URL";
  }
}

function exporterFor(settings: Settings): SpanExporter | undefined {
  const config = {
    url: settings.endpoint,
    headers: authorization(settings),
    timeoutMillis: settings.exportTimeoutMs,
    httpAgentOptions: quietAgents(settings.tls),
  };
  const factories: Readonly<Record<ExporterName, () => SpanExporter | undefined>> = {
    "http/json": () => new (otel.httpExporter().OTLPTraceExporter)(config),
    "http/protobuf": () => new (otel.protoExporter().OTLPTraceExporter)(config),
    grpc: () => new (otel.grpcExporter().OTLPTraceExporter)({ url: config.url }),
    console: () => new (otel.trace().ConsoleSpanExporter)(),
    none: () => undefined,
  };
  return factories[settings.exporter]();
}

/** A plain POST of the same spans in the same encoding; gRPC and the console have no such form. */
function finalRequest(
  settings: Settings,
  spans: readonly ReadableSpan[],
): FinalRequest | undefined {
  const { JsonTraceSerializer, ProtobufTraceSerializer } = otel.transformer();
  const forms = {
    "http/json": { type: "application/json", serializer: JsonTraceSerializer },
    "http/protobuf": { type: "application/x-protobuf", serializer: ProtobufTraceSerializer },
    grpc: undefined,
    console: undefined,
    none: undefined,
  } as const;
  const form = forms[settings.exporter];
  const body = form?.serializer.serializeRequest([...spans]);
  if (form === undefined || body === undefined) return undefined;
  return {
    url: settings.endpoint,
    headers: {
      ...otel.core().parseKeyPairsIntoRecord(settings.headers),
      ...authorization(settings),
      "content-type": form.type,
    },
    body,
    gzip: settings.gzip,
    tls: settings.tls,
  };
}
