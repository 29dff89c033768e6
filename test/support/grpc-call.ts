import { gzipSync } from "node:zlib";
import { Client, credentials, Metadata, type ServiceError, type StatusObject } from "@grpc/grpc-js";

/** The three methods by their signal. */
export const exportPaths = {
  traces: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
  logs: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
  metrics: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
} as const;

export interface GrpcAnswer {
  readonly code: number;
  readonly details: string;
  readonly message: Buffer | undefined;
  /** Initial metadata, then trailers. */
  readonly said: Readonly<Record<string, string | Buffer>>;
}

export interface GrpcCall {
  readonly path: keyof typeof exportPaths | `/${string}`;
  readonly body: Uint8Array;
  readonly key?: string | undefined;
  readonly gzip?: boolean;
  readonly authority?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

const identity = (bytes: Buffer): Buffer => bytes;
const callMsMax = 30_000;
const gzipAlgorithm = 2;

/** One export by the gRPC library that many exporters stand on, its message as it is given. */
export async function grpcCall(url: string, call: GrpcCall): Promise<GrpcAnswer> {
  const client = new Client(new URL(url).host, credentials.createInsecure(), {
    "grpc.max_send_message_length": -1,
    ...(call.gzip === true ? { "grpc.default_compression_algorithm": gzipAlgorithm } : {}),
    ...(call.authority === undefined ? {} : { "grpc.default_authority": call.authority }),
  });
  try {
    return await answered(client, call);
  } finally {
    client.close();
  }
}

function answered(client: Client, { path, body, key, metadata }: GrpcCall): Promise<GrpcAnswer> {
  const sent = new Metadata();
  for (const [name, value] of Object.entries(metadata ?? {})) sent.set(name, value);
  if (key !== undefined) sent.set("authorization", `Bearer ${key}`);
  return new Promise((resolve) => {
    let said: GrpcAnswer["said"] = {};
    let error: ServiceError | null = null;
    let message: Buffer | undefined;
    const going = client.makeUnaryRequest(
      path in exportPaths ? exportPaths[path as keyof typeof exportPaths] : path,
      identity,
      identity,
      Buffer.from(body),
      sent,
      { deadline: Date.now() + callMsMax },
      (failed, response) => {
        error = failed;
        message = response;
      },
    );
    going.on("metadata", (initial: Metadata) => {
      said = { ...said, ...initial.getMap() };
    });
    going.on("status", ({ code, details, metadata: trailers }: StatusObject) => {
      said = { ...said, ...trailers.getMap() };
      // The callback is given its answer before or after the status.
      setImmediate(() => resolve({ code, details: error?.details ?? details, message, said }));
    });
  });
}

/** A message as it stands on the wire: compressed flag, length, bytes. */
export function framed(body: Uint8Array, compressed = false): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = compressed ? 1 : 0;
  prefix.writeUInt32BE(body.length, 1);
  return Buffer.concat([prefix, body]);
}

/** Zeros that fit in little and unfold to `bytes`. */
export function bomb(bytes: number): Buffer {
  return gzipSync(Buffer.alloc(bytes));
}
