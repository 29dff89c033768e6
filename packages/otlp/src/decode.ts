import { limits } from "@custody/model";
import { decodeJson } from "./json-request.ts";
import { type DecodeOutcome, type Encoding, OtlpError, type Signal } from "./malformed.ts";
import { decodeWire } from "./wire-request.ts";

/**
 * Reads one inflated OTLP export request. Items of protobuf stand on the borrowed `bytes`: leave those alone until the items are done
 * with. Everything was checked when this returns, so no view ever throws; hostile input is answered as `malformed`.
 */
export function decodeOtlp(signal: Signal, encoding: Encoding, bytes: Uint8Array): DecodeOutcome {
  if (bytes.length > limits.requestInflatedBytesMax) {
    const reason = `more than ${limits.requestInflatedBytesMax} bytes in one request`;
    return { outcome: "malformed", reason, position: `byte ${limits.requestInflatedBytesMax}` };
  }
  try {
    return encoding === "json" ? decodeJson(signal, bytes) : decodeWire(signal, bytes);
  } catch (error) {
    if (!(error instanceof OtlpError)) throw error;
    return { outcome: "malformed", reason: error.message, position: error.position };
  }
}
