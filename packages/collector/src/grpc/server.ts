import { createServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import { answerCall, type GrpcContext } from "./call.ts";

/** Agents of one machine, or the streams a proxy keeps: more connections than this are dropped as they come, and counted. */
const connectionsMax = 1_024;
/** Calls of one connection that are open at a time; its client holds further ones back. */
const callsPerConnectionMax = 100;
/** A connection on which nothing moved for so long is closed in peace; exporters connect again. Less before its first call. */
const idleMsMax = 600_000;
const firstCallMsMax = 60_000;
/** Bytes of one message under way before the sender waits to hear that they were read. */
const windowBytes = 1_048_576;
/** How long open calls may take to finish at the end. */
const drainMsMax = 10_000;

/** OTLP over gRPC: one listener, opened and closed with the collector. */
export interface GrpcDoor {
  listen(options: { readonly host: string; readonly port: number }): Promise<void>;
  readonly server: Pick<Http2Server, "address">;
  /** No new connections and calls; open calls finish, or are cut after ten seconds. */
  close(): Promise<void>;
}

/** `decisions/001-grpc-on-http2.md` says why this stands on HTTP/2 itself. TLS is a proxy's work, as for HTTP. */
export function createGrpcDoor(context: GrpcContext): GrpcDoor {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer({
    settings: { maxConcurrentStreams: callsPerConnectionMax, initialWindowSize: windowBytes },
  });
  server.maxConnections = connectionsMax;
  server.on("session", (session) => {
    sessions.add(session);
    session.setLocalWindowSize(windowBytes);
    session.setTimeout(firstCallMsMax, () => session.close());
    session.once("stream", () => session.setTimeout(idleMsMax));
    session.on("close", () => sessions.delete(session));
  });
  server.on("drop", () => context.meters.refused("full", "none/unknown"));
  // A peer that does not speak HTTP/2 loses its connection; there is no stream to answer on.
  server.on("sessionError", () => undefined);
  server.on("stream", (stream, headers) => void answerCall(stream, headers, context));
  return {
    server,
    listen: (options) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(options, () => {
          server.removeListener("error", reject);
          resolve();
        });
      }),
    close: () =>
      new Promise((resolve) => {
        const cut = setTimeout(() => {
          for (const session of sessions) session.destroy();
        }, drainMsMax);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        for (const session of sessions) session.close();
      }),
  };
}
