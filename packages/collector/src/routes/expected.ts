import { hash } from "node:crypto";
import { expectedParts, parseExpected } from "@custody/context";
import { canonicalText } from "@custody/model";
import type { FastifyInstance } from "fastify";
import type { CollectorContext } from "../context.ts";
import { Refusal } from "../errors.ts";
import { jsonBody } from "../plugins/json-body.ts";
import { refuseUnlessCommitted } from "../verdict.ts";
import { doorDialect } from "./write-fact.ts";

/**
 * Who should report, as an inventory outside the agents says: what silence is measured by. A list replaces the last one of the same observer; the
 * same list as of the same time is the same records.
 */
export function routeExpected(app: FastifyInstance, context: CollectorContext): void {
  const { doors, meters, ports, river } = context;
  app.put("/v1/expected", async (request, reply) => {
    const principal = doors.admit(request, ["observer"], false);
    const read = parseExpected(jsonBody(request));
    if (read.outcome === "invalid") throw new Refusal("malformed", read.reason);
    const { list } = read;
    const ts = list.ts ?? ports.clock.now();
    const version = hash("sha256", canonicalText({ entries: list.entries }), "hex");
    const facts = expectedParts(list, version).map((detail) => ({
      dialect: doorDialect,
      fact: {
        class: "integrity",
        key: ["expected", ts, version, String(detail["part"])],
        ts,
        body: { kind: "expected", detail },
      } as const,
    }));
    const delivered = await river.facts(principal, facts);
    meters.received(facts.length, principal);
    refuseUnlessCommitted(delivered.verdict, meters);
    return reply.send({ counts: list.counts, version, as_of: ts });
  });
}
