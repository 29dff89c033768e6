import { parseApproval } from "@custody/context";
import type { FastifyInstance } from "fastify";
import type { CollectorContext } from "../context.ts";
import { jsonBody } from "../plugins/json-body.ts";
import { factOf, writeFact } from "./write-fact.ts";

/** A decision made elsewhere, by the one person who holds the authority key. */
export function routeApprovals(app: FastifyInstance, context: CollectorContext): void {
  app.post("/v1/approvals", async (request, reply) => {
    const principal = context.doors.admit(request, ["authority"], false);
    const fact = factOf(parseApproval(jsonBody(request)));
    return reply.send(await writeFact(context, principal, fact));
  });
}
