import { parseSandboxAttestation, parseSandboxViolation } from "@custody/context";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { CollectorContext } from "../context.ts";
import { jsonBody } from "../plugins/json-body.ts";
import { parsed } from "../plugins/parsed.ts";
import { factOf, writeFact } from "./write-fact.ts";

const idParams = z.strictObject({ id: z.string().min(1).max(256) });

/** Confinement as its runtime attests it: an observer's word, never the agent's. */
export function routeSandboxes(app: FastifyInstance, context: CollectorContext): void {
  app.put("/v1/sandboxes/:id", async (request, reply) => {
    const principal = context.doors.admit(request, ["observer"], false);
    const { id } = parsed(idParams, request.params, "path");
    const fact = factOf(parseSandboxAttestation(id, jsonBody(request)));
    return reply.send(await writeFact(context, principal, fact));
  });
  app.post("/v1/sandboxes/:id/violations", async (request, reply) => {
    const principal = context.doors.admit(request, ["observer"], false);
    const { id } = parsed(idParams, request.params, "path");
    const fact = factOf(parseSandboxViolation(id, jsonBody(request)));
    return reply.send(await writeFact(context, principal, fact));
  });
}
