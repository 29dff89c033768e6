import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { encodeStatus } from "@custody/otlp";
import { type Refusal, type RefusalCode, refusals } from "../errors.ts";
import type { OtlpTaken } from "../pipeline/take-otlp.ts";

const unimplemented = 12;
/** Where gRPC has a code of its own for what HTTP says by path or media type. */
const ownCodes: Partial<Readonly<Record<RefusalCode, number>>> = {
  "not-found": unimplemented,
  "unsupported-type": unimplemented,
};

const head: OutgoingHttpHeaders = {
  ":status": 200,
  "content-type": "application/grpc",
  "grpc-accept-encoding": "identity,deflate,gzip",
};

/** Success: the receipt as initial metadata, the export response as the one message, status 0 as the trailer. */
export function answerTaken(stream: ServerHttp2Stream, { receipt, response }: OtlpTaken): void {
  if (stream.destroyed || stream.closed) return;
  stream.respond({ ...head, "custody-receipt": receipt }, { waitForTrailers: true });
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(response.length, 1);
  stream.end(Buffer.concat([prefix, response]));
}

/**
 * A refusal is a response of trailers alone. What may be sent again is UNAVAILABLE with the delay, as RetryInfo (what OTLP names) and as
 * pushback (what gRPC's own retries read); everything else is not retried by exporters. What is unread of the call stays unread.
 */
export function answerRefused(stream: ServerHttp2Stream, refusal: Refusal): void {
  if (stream.destroyed || stream.closed) return;
  const code = ownCodes[refusal.code] ?? refusals[refusal.code].grpc;
  const message = `${refusal.code}: ${refusal.message}`;
  const { retryAfterMs } = refusal;
  const status = encodeStatus("protobuf", code, message, retryAfterMs);
  stream.respond(
    {
      ...head,
      "grpc-status": String(code),
      "grpc-message": percentEncoded(message),
      "grpc-status-details-bin": Buffer.from(status).toString("base64"),
      ...(retryAfterMs === undefined ? {} : { "grpc-retry-pushback-ms": String(retryAfterMs) }),
    },
    { endStream: true },
  );
  stream.close(constants.NGHTTP2_NO_ERROR);
}

/** A request that is not gRPC at all is answered in HTTP, as gRPC over HTTP/2 asks. */
export function answerNotGrpc(stream: ServerHttp2Stream, status: number): void {
  if (stream.destroyed || stream.closed) return;
  stream.respond({ ":status": status }, { endStream: true });
  stream.close(constants.NGHTTP2_NO_ERROR);
}

/** Status messages are percent-encoded: printable ASCII but `%` stays. */
function percentEncoded(message: string): string {
  return [...Buffer.from(message)]
    .map((byte) =>
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
    )
    .join("");
}
