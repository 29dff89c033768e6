import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { CollectorContext } from "../context.ts";
import { Refusal } from "../errors.ts";
import { takeOtlp } from "../pipeline/take-otlp.ts";
import type { Admission } from "../plugins/admission.ts";
import { subjectOf } from "../plugins/seating.ts";
import { answerNotGrpc, answerRefused, answerTaken } from "./answer.ts";
import { readMessage } from "./message.ts";
import { methods } from "./methods.ts";

/** How long a client may take to send its message; the same as over HTTP. */
const callTimeoutMs = 60_000;
const mediaType = /^application\/grpc(\+proto)?$/;

export type GrpcContext = Pick<CollectorContext, "ports" | "doors" | "river" | "meters"> & {
  readonly admission: Admission;
  /** Told of failures of ours. */
  readonly failed: (error: unknown) => void;
};

/** One call from its headers to its status. Host, method and key are looked at before a byte of the message is read. */
export async function answerCall(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  context: GrpcContext,
): Promise<void> {
  // A client may go away at any time; whoever waits for the stream is told by its end.
  stream.on("error", () => undefined);
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (headers[":method"] !== "POST") return answerNotGrpc(stream, 405);
  if (!mediaType.test(type)) return answerNotGrpc(stream, 415);
  const late = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), callTimeoutMs);
  stream.once("close", () => clearTimeout(late));
  const began = performance.now();
  let bytes = 0;
  const weigh = (size: number): void => {
    bytes = size;
  };
  const count = (status: string): void => {
    const brought = { bytes, refused: status !== "OK" };
    context.meters.request(doorOf(headers), status, performance.now() - began, brought);
  };
  try {
    answerTaken(stream, await take(stream, headers, context, weigh));
    count("OK");
  } catch (error) {
    // The client went away within its message: there is nobody to answer, and nothing to count.
    if (stream.aborted && !(error instanceof Refusal)) return;
    const refusal = refusalOf(error);
    context.meters.refused(refusal.code, subjectOf(context.ports.keys, headers.authorization));
    count(refusal.code);
    if (refusal.code === "internal") context.failed(error);
    answerRefused(stream, refusal);
  }
}

async function take(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  context: GrpcContext,
  weigh: (bytes: number) => void,
): Promise<Awaited<ReturnType<typeof takeOtlp>>> {
  const { doors, admission, ports } = context;
  const caller = { headers: { ...headers, host: headers[":authority"] ?? headers.host } };
  doors.checkOrigin(caller);
  const signal = methods.get(headers[":path"] ?? "");
  if (signal === undefined) throw new Refusal("not-found", "no such service or method here");
  const principal = doors.admit(caller, ["agent"], true);
  const { seat, gone } = admission.enter(subjectOf(ports.keys, headers.authorization), 0);
  stream.once("close", gone);
  const { compressed, body } = await readMessage(stream, seat);
  weigh(body.length);
  const compression = compressed ? codingOf(headers) : undefined;
  return takeOtlp({ signal, encoding: "protobuf", compression, principal, body, seat }, context);
}

/** A method that is served, never what a client wrote. */
function doorOf(headers: IncomingHttpHeaders): string {
  const path = headers[":path"] ?? "";
  return methods.has(path) ? path : "grpc-other";
}

/** What a compressed message is compressed with; one that does not say is malformed. */
function codingOf(headers: IncomingHttpHeaders): string {
  const coding = headers["grpc-encoding"];
  if (typeof coding !== "string" || coding === "identity") {
    throw new Refusal("malformed", "the message is compressed, and grpc-encoding does not say how");
  }
  return coding;
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  return new Refusal("internal", "an error of ours; nothing of this request was acknowledged", {
    cause: error,
  });
}
