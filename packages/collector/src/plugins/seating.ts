import { Transform } from "node:stream";
import { bearerKey, limits } from "@custody/model";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Refusal } from "../errors.ts";
import type { CollectorPorts } from "../ports.ts";
import type { Admission, Seat } from "./admission.ts";

const seats = new WeakMap<FastifyRequest, Seat>();

const unknown = "none/unknown";

/** What no body takes up. */
const standing: Seat = { grow: () => undefined, hold: () => () => undefined };

export function seatOf(request: FastifyRequest): Seat {
  return seats.get(request) ?? standing;
}

/**
 * Every body is weighed before it is read: as long as it says it is, or chunk by chunk where it does not say. Refusing what was read already
 * would bound nothing.
 */
export function seatRequests(
  app: FastifyInstance,
  admission: Admission,
  { keys }: Pick<CollectorPorts, "keys">,
): void {
  app.addHook("preParsing", async (request, reply, payload) => {
    const {
      authorization,
      "content-length": length,
      "transfer-encoding": coding,
    } = request.headers;
    // Health is asked without a body, and answered however full it is.
    if (length === undefined && coding === undefined) return payload;
    const subject = subjectOf(keys, authorization);
    // No route takes it, so nobody waits for its body: it would hold room that others need for as long as it is on its way.
    if (subject === unknown) {
      throw new Refusal("unauthenticated", "this key is not known here, or was revoked");
    }
    const said = length === undefined ? undefined : Number(length);
    const { seat, gone } = admission.enter(
      subject,
      // A longer one is refused by its length alone.
      Math.min(said ?? 0, limits.requestBytesMax),
    );
    reply.raw.once("close", gone);
    seats.set(request, seat);
    return said === undefined ? payload.pipe(weighed(seat)) : payload;
  });
}

/** Who a key belongs to is believed here only to tell sources apart; routes decide what it may do. */
export function subjectOf(keys: CollectorPorts["keys"], authorization: string | undefined): string {
  if (authorization === undefined) return "none/anonymous";
  const key = bearerKey(authorization);
  const principal = key === undefined ? undefined : keys.find(key);
  return principal === undefined
    ? unknown
    : `${principal.tenant}/${principal.auth.kind}/${principal.auth.subject}`;
}

function weighed(seat: Seat): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        seat.grow(chunk.length);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
}
