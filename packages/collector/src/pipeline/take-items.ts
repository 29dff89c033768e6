import type { Principal } from "@custody/model";
import type { DecodeOutcome } from "@custody/otlp";
import type { CollectorContext } from "../context.ts";
import { Refusal } from "../errors.ts";
import type { Seat } from "../plugins/admission.ts";
import { decodeBody } from "../plugins/inflate.ts";
import { createPace } from "../plugins/pace.ts";
import { refuseUnlessCommitted } from "../verdict.ts";

/** About a tenth of a second of work. */
const pace = createPace(1_048_576);

/** A request whose bytes are in hand, over whichever transport they came. */
export interface BodyRequest {
  /** `identity`, `gzip`, `deflate`; undefined is `identity`. */
  readonly compression: string | undefined;
  readonly principal: Principal;
  readonly body: Buffer;
  readonly seat: Seat;
}

/** What became of it once every record is journalled and fsynced. */
export interface ItemsTaken {
  /** Signed and compact: where the records stand. */
  readonly receipt: string;
  readonly items: number;
}

/**
 * From bytes to the acknowledgement, the same for every format and transport: unfold, decode, commit. Anything else is thrown as a Refusal.
 * `decode` reads the unfolded bytes.
 */
export async function takeItems(
  { compression, principal, body, seat }: BodyRequest,
  { river, meters }: Pick<CollectorContext, "river" | "meters">,
  decode: (bytes: Uint8Array) => DecodeOutcome,
): Promise<ItemsTaken> {
  const leave = seat.hold();
  try {
    const bytes = await decodeBody(body, compression, seat);
    await pace(bytes.length);
    const decoded = decode(bytes);
    if (decoded.outcome === "malformed") {
      throw new Refusal("malformed", `${decoded.reason} (at ${decoded.position})`);
    }
    const delivered = await river.items(principal, decoded.items);
    meters.received(delivered.facts, principal);
    const receipt = refuseUnlessCommitted(delivered.verdict, meters);
    meters.opaque(delivered.opaque);
    meters.noise(delivered.noise);
    meters.drift(principal.auth.subject, delivered.drift);
    return { receipt: await delivered.ledger.sign(receipt), items: decoded.items.length };
  } finally {
    leave();
  }
}
