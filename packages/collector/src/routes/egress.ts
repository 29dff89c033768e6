import { parseEgressLine } from "@custody/context";
import type { FastifyInstance } from "fastify";
import type { CollectorContext } from "../context.ts";
import { Refusal } from "../errors.ts";
import type { NamedFact } from "../pipeline/normalise.ts";
import { textBody } from "../plugins/json-body.ts";
import { seatOf } from "../plugins/seating.ts";
import { refuseUnlessCommitted } from "../verdict.ts";
import { doorDialect } from "./write-fact.ts";

/** Lines of one request. */
const linesMax = 50_000;
/** Faulty lines told one by one; all are counted. */
const errorsMax = 100;

interface LineError {
  readonly line: number;
  readonly reason: string;
}

/** Flows as a proxy or a sandbox's network part saw them: one JSON object a line; a faulty line refuses itself alone. */
export function routeEgress(app: FastifyInstance, context: CollectorContext): void {
  app.post("/v1/egress/ndjson", async (request, reply) => {
    const { doors, meters, river } = context;
    const principal = doors.admit(request, ["observer"], false);
    const leave = seatOf(request).hold();
    try {
      const { facts, errors, rejected } = readLines(textBody(request));
      const delivered = await river.facts(principal, facts);
      meters.received(facts.length);
      meters.refused("line", rejected);
      const receipt = refuseUnlessCommitted(delivered.verdict, meters);
      return await reply
        .header("custody-receipt", await delivered.ledger.sign(receipt))
        .send({ accepted: facts.length, rejected, errors });
    } finally {
      leave();
    }
  });
}

function readLines(text: string): {
  readonly facts: readonly NamedFact[];
  readonly errors: readonly LineError[];
  readonly rejected: number;
} {
  const lines = text.split("\n");
  if (lines.length > linesMax) {
    throw new Refusal("too-large", `more than ${linesMax} lines; send them in parts`);
  }
  const facts: NamedFact[] = [];
  const errors: LineError[] = [];
  let rejected = 0;
  lines.forEach((line, index) => {
    if (line.trim() === "") return;
    const verdict = parseEgressLine(line);
    if (verdict.outcome === "ok") {
      facts.push({ dialect: doorDialect, fact: verdict.fact });
      return;
    }
    rejected++;
    if (errors.length < errorsMax) errors.push({ line: index + 1, reason: verdict.reason });
  });
  return { facts, errors, rejected };
}
