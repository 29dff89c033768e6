import { Buffer } from "node:buffer";
import { toWellFormed } from "@custody/model";
import type { Encoding, Signal } from "./malformed.ts";

/** What was refused of a request whose other items were accepted. */
export interface Refusal {
  readonly rejected: number;
  /** May also warn where nothing was rejected; empty where there is nothing to say. */
  readonly message: string;
}

/** How `partial_success` counts what it rejected; the field number is 1 in all three. */
const rejectedNames: Readonly<Record<Signal, string>> = {
  traces: "rejectedSpans",
  logs: "rejectedLogRecords",
  metrics: "rejectedDataPoints",
};

/** The export response of a signal. Full success is the empty message: `partial_success` stays unset, as OTLP asks. */
export function encodeExportResponse(
  signal: Signal,
  encoding: Encoding,
  refusal: Refusal,
): Uint8Array {
  const { rejected } = refusal;
  const message = toWellFormed(refusal.message);
  const isPartial = rejected > 0 || message !== "";
  if (encoding === "json") {
    const partialSuccess = {
      [rejectedNames[signal]]: rejected > 0 ? String(rejected) : undefined,
      errorMessage: message || undefined,
    };
    return Buffer.from(JSON.stringify(isPartial ? { partialSuccess } : {}));
  }
  const partial = Buffer.concat([numberField(1, rejected), textField(2, message)]);
  return isPartial ? bytesField(1, partial) : Buffer.alloc(0);
}

const retryInfoUrl = "type.googleapis.com/google.rpc.RetryInfo";

/**
 * A `google.rpc.Status`, the body of every OTLP error. `grpcCode` is a code of gRPC, not of HTTP. With `retryAfterMs` it carries a `RetryInfo`,
 * by which OTLP/gRPC tells a sender when to come again.
 */
export function encodeStatus(
  encoding: Encoding,
  grpcCode: number,
  message: string,
  retryAfterMs?: number,
): Uint8Array {
  const text = toWellFormed(message);
  if (encoding === "json") {
    const details =
      retryAfterMs === undefined
        ? {}
        : { details: [{ "@type": retryInfoUrl, retryDelay: `${retryAfterMs / 1000}s` }] };
    return Buffer.from(JSON.stringify({ code: grpcCode, message: text, ...details }));
  }
  const details =
    retryAfterMs === undefined ? Buffer.alloc(0) : bytesField(3, retryInfo(retryAfterMs));
  return Buffer.concat([numberField(1, grpcCode), textField(2, text), details]);
}

/** An `Any` that holds a `RetryInfo`, whose one field is a `Duration`. */
function retryInfo(delayMs: number): Buffer {
  const delay = Buffer.concat([
    numberField(1, Math.floor(delayMs / 1000)),
    numberField(2, (delayMs % 1000) * 1_000_000),
  ]);
  return Buffer.concat([textField(1, retryInfoUrl), bytesField(2, bytesField(1, delay))]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

function numberField(number: number, value: number): Buffer {
  return value > 0 ? Buffer.concat([varint(number * 8), varint(value)]) : Buffer.alloc(0);
}

function bytesField(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function textField(number: number, text: string): Buffer {
  return text === "" ? Buffer.alloc(0) : bytesField(number, Buffer.from(text));
}
