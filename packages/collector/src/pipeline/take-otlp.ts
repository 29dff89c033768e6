import { decodeOtlp, encodeExportResponse, type Signal } from "@custody/otlp";
import type { CollectorContext } from "../context.ts";
import type { OtlpEncoding } from "../plugins/otlp-encoding.ts";
import { type BodyRequest, type ItemsTaken, takeItems } from "./take-items.ts";

/** One export request. */
export interface OtlpRequest extends BodyRequest {
  readonly signal: Signal;
  readonly encoding: OtlpEncoding;
}

export interface OtlpTaken extends Pick<ItemsTaken, "receipt"> {
  /** The export response, in the encoding of the request. */
  readonly response: Buffer;
}

export async function takeOtlp(
  request: OtlpRequest,
  context: Pick<CollectorContext, "river" | "meters">,
): Promise<OtlpTaken> {
  const { signal, encoding } = request;
  const { receipt } = await takeItems(request, context, (bytes) =>
    decodeOtlp(signal, encoding, bytes),
  );
  return {
    receipt,
    response: Buffer.from(encodeExportResponse(signal, encoding, { rejected: 0, message: "" })),
  };
}
