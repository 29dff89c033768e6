import { decodeOtlp, encodeExportResponse } from "@custody/otlp";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { CollectorContext } from "../context.ts";
import { Refusal } from "../errors.ts";
import { decodeBody } from "../plugins/inflate.ts";
import { encodingOf } from "../plugins/otlp-encoding.ts";
import { createPace } from "../plugins/pace.ts";
import { seatOf } from "../plugins/seating.ts";
import { refuseUnlessCommitted } from "../verdict.ts";

/** About a tenth of a second of work. */
const pace = createPace(1_048_576);

const signals = ["traces", "logs", "metrics"] as const;

/** OTLP/HTTP: 200 only when every record of the request is journalled and fsynced. */
export function routeOtlp(app: FastifyInstance, context: CollectorContext): void {
  for (const signal of signals) {
    app.post(`/v1/${signal}`, (request, reply) => receive(signal, request, reply, context));
  }
}

async function receive(
  signal: (typeof signals)[number],
  request: FastifyRequest,
  reply: FastifyReply,
  { doors, river, meters }: CollectorContext,
): Promise<FastifyReply> {
  const principal = doors.admit(request, ["agent"], true);
  const encoding = encodingOf(request);
  const body = request.body;
  if (!Buffer.isBuffer(body)) throw new Refusal("malformed", "the request has no body");
  const seat = seatOf(request);
  const leave = seat.hold();
  try {
    const bytes = await decodeBody(body, request.headers["content-encoding"], seat);
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
    return await reply
      .header("custody-receipt", await delivered.ledger.sign(receipt))
      .type(encoding === "json" ? "application/json" : "application/x-protobuf")
      .send(Buffer.from(encodeExportResponse(signal, encoding, { rejected: 0, message: "" })));
  } finally {
    leave();
  }
}
