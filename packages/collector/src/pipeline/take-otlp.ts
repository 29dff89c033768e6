import type { Principal } from "@custody/model";
import { decodeOtlp, encodeExportResponse, type Signal } from "@custody/otlp";
import type { CollectorContext } from "../context.ts";
import { Refusal } from "../errors.ts";
import type { Seat } from "../plugins/admission.ts";
import { decodeBody } from "../plugins/inflate.ts";
import type { OtlpEncoding } from "../plugins/otlp-encoding.ts";
import { createPace } from "../plugins/pace.ts";
import { refuseUnlessCommitted } from "../verdict.ts";

/** About a tenth of a second of work. */
const pace = createPace(1_048_576);

/** One export request whose bytes are in hand, over whichever transport they came. */
export interface OtlpRequest {
  readonly signal: Signal;
  readonly encoding: OtlpEncoding;
  /** `identity`, `gzip`, `deflate`; undefined is `identity`. */
  readonly compression: string | undefined;
  readonly principal: Principal;
  readonly body: Buffer;
  readonly seat: Seat;
}

/** What the sender is told once every record is journalled and fsynced. */
export interface OtlpTaken {
  /** Signed and compact: where the records stand. */
  readonly receipt: string;
  /** The export response, in the encoding of the request. */
  readonly response: Buffer;
}

/** From bytes to the acknowledgement, the same for every transport: unfold, decode, commit. Anything else is thrown as a Refusal. */
export async function takeOtlp(
  { signal, encoding, compression, principal, body, seat }: OtlpRequest,
  { river, meters }: Pick<CollectorContext, "river" | "meters">,
): Promise<OtlpTaken> {
  const leave = seat.hold();
  try {
    const bytes = await decodeBody(body, compression, seat);
    await pace(bytes.length);
    const decoded = decodeOtlp(signal, encoding, bytes);
    if (decoded.outcome === "malformed") {
      throw new Refusal("malformed", `${decoded.reason} (at ${decoded.position})`);
    }
    const delivered = await river.items(principal, decoded.items);
    meters.received(delivered.facts);
    const receipt = refuseUnlessCommitted(delivered.verdict, meters);
    meters.opaque(delivered.opaque);
    meters.noise(delivered.noise);
    meters.drift(principal.auth.subject, delivered.drift);
    return {
      receipt: await delivered.ledger.sign(receipt),
      response: Buffer.from(encodeExportResponse(signal, encoding, { rejected: 0, message: "" })),
    };
  } finally {
    leave();
  }
}
