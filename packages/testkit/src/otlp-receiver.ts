import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A span as it came over the wire, with its attributes as plain values. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly kind: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly error: boolean;
  readonly scope: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface ReceivedRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly spans: readonly ReceivedSpan[];
}

export interface OtlpReceiver {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** All spans so far, each once however often it was delivered, in the order they were begun where they carry `custody.src.seq`. */
  spans(): readonly ReceivedSpan[];
  close(): Promise<void>;
}

/** What the receiver does with a request instead of taking it. */
export type Mood = "take" | "hang" | { readonly status: number };

/** A small OTLP/HTTP receiver on loopback that reads the JSON encoding of traces. */
export async function createOtlpReceiver(
  mood: (requestNumber: number) => Mood = () => "take",
): Promise<OtlpReceiver> {
  const requests: ReceivedRequest[] = [];
  let seen = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      seen += 1;
      const now = mood(seen);
      if (now === "hang") return;
      if (now !== "take") {
        response.writeHead(now.status).end();
        return;
      }
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      requests.push({ headers: request.headers, spans: spansOf(body as OtlpBody) });
      response.writeHead(200, { "content-type": "application/json" });
      response.end("{}");
    })().catch(() => response.writeHead(400).end());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    spans: () => distinct(requests.flatMap((request) => request.spans)),
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

/** OTLP delivers at least once: an exporter that missed an answer sends the same spans again. */
function distinct(spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] {
  const byId = new Map(spans.map((span) => [`${span.traceId}/${span.spanId}`, span]));
  return [...byId.values()].sort((a, b) => seqOf(a) - seqOf(b));
}

interface OtlpBody {
  readonly resourceSpans: readonly {
    readonly resource?: { readonly attributes?: readonly KeyValue[] };
    readonly scopeSpans: readonly {
      readonly scope?: { readonly name?: string };
      readonly spans: readonly OtlpSpan[];
    }[];
  }[];
}

interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status?: { readonly code?: number };
  readonly attributes?: readonly KeyValue[];
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

function spansOf(body: OtlpBody): readonly ReceivedSpan[] {
  return body.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span) => ({
        name: span.name,
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId || undefined,
        kind: span.kind,
        startNs: BigInt(span.startTimeUnixNano),
        endNs: BigInt(span.endTimeUnixNano),
        error: span.status?.code === 2,
        scope: scope?.name ?? "",
        attributes: plain(span.attributes),
        resource: plain(resource?.attributes),
      })),
    ),
  );
}

function plain(attributes: readonly KeyValue[] = []): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue(value: Readonly<Record<string, unknown>>): unknown {
  if ("intValue" in value) return Number(value["intValue"]);
  if ("arrayValue" in value) {
    const list = value["arrayValue"] as { readonly values?: readonly KeyValue["value"][] };
    return (list.values ?? []).map(plainValue);
  }
  return Object.values(value)[0];
}

function seqOf(span: ReceivedSpan): number {
  return Number(span.attributes["custody.src.seq"] ?? 0);
}
