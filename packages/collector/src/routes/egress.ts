import { type EgressSource, egressSources, readEgress, sessionHeader } from "@custody/context";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { CollectorContext } from "../context.ts";
import { Refusal } from "../errors.ts";
import type { NamedFact } from "../pipeline/normalise.ts";
import { textBody } from "../plugins/json-body.ts";
import { seatOf } from "../plugins/seating.ts";
import { refuseUnlessCommitted } from "../verdict.ts";
import { doorDialect } from "./write-fact.ts";

/** Lines, or entries of one document, of one request. */
const linesMax = 50_000;
/** Faulty lines told one by one; all are counted. */
const errorsMax = 100;

interface LineError {
  readonly line: number;
  readonly reason: string;
}

/** Flows as a proxy or a sandbox's network part saw them, in the source's own words; a faulty line refuses itself alone. */
export function routeEgress(app: FastifyInstance, context: CollectorContext): void {
  for (const source of egressSources) {
    app.post(`/v1/egress/${source}`, (request, reply) => receive(source, request, reply, context));
  }
}

async function receive(
  source: EgressSource,
  request: FastifyRequest,
  reply: FastifyReply,
  { doors, meters, river }: CollectorContext,
): Promise<FastifyReply> {
  const principal = doors.admit(request, ["observer"], false);
  const trustsHeader = isHeaderTrusted(request);
  const leave = seatOf(request).hold();
  try {
    const read = readLines(source, textBody(request));
    const { others, errors, rejected } = read;
    const facts = trustsHeader ? read.facts.map(withHeadersSession) : read.facts;
    const delivered = await river.facts(principal, facts, others);
    meters.received(facts.length);
    meters.refused("line", rejected);
    const receipt = refuseUnlessCommitted(delivered.verdict, meters);
    meters.noise(delivered.noise);
    return await reply
      .header("custody-receipt", await delivered.ledger.sign(receipt))
      .send({ accepted: facts.length, other: delivered.noise, rejected, errors });
  } finally {
    leave();
  }
}

/** `?session=header`: the observer vouches that its proxy sets the header itself and overwrites what a client sent. */
function isHeaderTrusted(request: FastifyRequest): boolean {
  const { session, ...others } = request.query as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new Refusal("malformed", `unknown parameter: ${unknown}`);
  if (session !== undefined && session !== "header") {
    throw new Refusal("malformed", "session: only `header` is known");
  }
  return session === "header";
}

function withHeadersSession({ dialect, fact }: NamedFact): NamedFact {
  const session = fact.session ?? fact.attrs?.[sessionHeader];
  return { dialect, fact: session === undefined ? fact : { ...fact, session } };
}

interface Lines {
  readonly facts: readonly NamedFact[];
  /** Lines that say something else than a flow, counted by what they say. */
  readonly others: ReadonlyMap<string, number>;
  readonly errors: readonly LineError[];
  readonly rejected: number;
}

function readLines(source: EgressSource, text: string): Lines {
  const dialect = source === "ndjson" ? doorDialect : source;
  const facts: NamedFact[] = [];
  const others = new Map<string, number>();
  const errors: LineError[] = [];
  let rejected = 0;
  let lines = 0;
  for (const { line, reading } of readEgress(source, text)) {
    if (++lines > linesMax) {
      throw new Refusal("too-large", `more than ${linesMax} lines; send them in parts`);
    }
    switch (reading.outcome) {
      case "flow":
        facts.push({ dialect, fact: reading.fact });
        break;
      case "other": {
        const name = `${dialect}/${reading.name}`;
        others.set(name, (others.get(name) ?? 0) + 1);
        break;
      }
      case "invalid":
        rejected++;
        if (errors.length < errorsMax) errors.push({ line, reason: reading.reason });
    }
  }
  return { facts, others, errors, rejected };
}
