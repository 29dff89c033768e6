import { parseChange } from "@custody/context";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { CollectorContext } from "../context.ts";
import { jsonBody } from "../plugins/json-body.ts";
import { parsed } from "../plugins/parsed.ts";
import { factOf, writeFact } from "./write-fact.ts";

const repoQuery = z.strictObject({ repo: z.string().min(1).max(200).optional() });

/** Commits, merges, deployments and attributions as version control shows them: an observer's word, never the agent's. */
export function routeChanges(app: FastifyInstance, context: CollectorContext): void {
  app.post("/v1/changes", async (request, reply) => {
    const principal = context.doors.admit(request, ["observer"], false);
    const { repo } = parsed(repoQuery, request.query, "query");
    const fact = factOf(parseChange(jsonBody(request), repo));
    return reply.send(await writeFact(context, principal, fact));
  });
}
