import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { CollectorContext } from "../context.ts";
import { Refusal } from "../errors.ts";
import { takeOtlp } from "../pipeline/take-otlp.ts";
import { encodingOf } from "../plugins/otlp-encoding.ts";
import { seatOf } from "../plugins/seating.ts";

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
  context: CollectorContext,
): Promise<FastifyReply> {
  const principal = context.doors.admit(request, ["agent"], true);
  const encoding = encodingOf(request);
  const { body } = request;
  if (!Buffer.isBuffer(body)) throw new Refusal("malformed", "the request has no body");
  const compression = request.headers["content-encoding"];
  const seat = seatOf(request);
  const { receipt, response } = await takeOtlp(
    { signal, encoding, compression, principal, body, seat },
    context,
  );
  return reply
    .header("custody-receipt", receipt)
    .type(encoding === "json" ? "application/json" : "application/x-protobuf")
    .send(response);
}
