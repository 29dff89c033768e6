import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import { exportPaths } from "./grpc-call.ts";

/** A connection whose calls are made byte by byte, for what no library would send. */
export interface GrpcWire {
  /** Opens a call; its message is written by hand. */
  open(headers?: Readonly<Record<string, string>>): WireCall;
  readonly session: ClientHttp2Session;
  close(): void;
}

interface WireCall {
  readonly stream: ClientHttp2Stream;
  /** Status line, headers and trailers once the call is over; of a call that was cut, what came of them. */
  readonly answer: Promise<Readonly<Record<string, string>>>;
}

export async function grpcWire(url: string): Promise<GrpcWire> {
  // What is written and not sent yet counts as memory of the session: here that is most of it.
  const session = connect(url, { maxSessionMemory: 1_000 });
  session.on("error", () => undefined);
  await once(session, "connect");
  return {
    session,
    open(headers = {}) {
      const stream = session.request({
        [constants.HTTP2_HEADER_METHOD]: "POST",
        [constants.HTTP2_HEADER_PATH]: exportPaths.traces,
        "content-type": "application/grpc",
        te: "trailers",
        ...headers,
      });
      return { stream, answer: answerOf(stream) };
    },
    close: () => session.destroy(),
  };
}

function answerOf(stream: ClientHttp2Stream): Promise<Readonly<Record<string, string>>> {
  const said: Record<string, string> = {};
  const keep = (headers: object): void => {
    for (const [name, value] of Object.entries(headers)) said[name] = String(value);
  };
  stream.on("response", keep);
  stream.on("trailers", keep);
  stream.on("error", () => undefined);
  stream.resume();
  return new Promise((resolve) => {
    stream.once("close", () => resolve(said));
  });
}
