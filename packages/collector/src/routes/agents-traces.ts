import { decodeAgentsTraces } from "@custody/otlp";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { CollectorContext } from "../context.ts";
import { Refusal } from "../errors.ts";
import { takeItems } from "../pipeline/take-items.ts";
import { encodingOf } from "../plugins/otlp-encoding.ts";
import { seatOf } from "../plugins/seating.ts";

/**
 * The trace export of the OpenAI Agents SDK, under the path that its exporters add to nothing: they are told the whole address. Same keys,
 * limits and verdicts as OTLP, and 200 only when every record is journalled and fsynced.
 */
export function routeAgentsTraces(app: FastifyInstance, context: CollectorContext): void {
  app.post("/v1/traces/ingest", (request, reply) => receive(request, reply, context));
}

async function receive(
  request: FastifyRequest,
  reply: FastifyReply,
  context: CollectorContext,
): Promise<FastifyReply> {
  const principal = context.doors.admit(request, ["agent"], true);
  if (encodingOf(request) !== "json") throw new Refusal("unsupported-type", "send JSON");
  const { body, headers } = request;
  if (!Buffer.isBuffer(body)) throw new Refusal("malformed", "the request has no body");
  const { receipt, items } = await takeItems(
    { compression: headers["content-encoding"], principal, body, seat: seatOf(request) },
    context,
    (bytes) => decodeAgentsTraces(bytes, { userAgent: headers["user-agent"] }),
  );
  return reply.header("custody-receipt", receipt).send({ accepted: items });
}
