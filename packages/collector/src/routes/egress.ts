import { type EgressSource, egressSources, readEgress, sessionHeader } from "@custody/context";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { CollectorContext } from "../context.ts";
import { Refusal } from "../errors.ts";
import type { NamedFact } from "../pipeline/normalise.ts";
import { type Line, receiveLines } from "./receive-lines.ts";
import { doorDialect } from "./write-fact.ts";

/** Flows as a proxy or a sandbox's network part saw them, in the source's own words. */
export function routeEgress(app: FastifyInstance, context: CollectorContext): void {
  for (const source of egressSources) {
    app.post(`/v1/egress/${source}`, (request, reply) =>
      receiveLines(request, reply, context, (text) =>
        flowLines(source, text, isHeaderTrusted(request)),
      ),
    );
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

function* flowLines(source: EgressSource, text: string, trustsHeader: boolean): Generator<Line> {
  const dialect = source === "ndjson" ? doorDialect : source;
  for (const { line, reading } of readEgress(source, text)) {
    switch (reading.outcome) {
      case "flow": {
        const fact = { dialect, fact: reading.fact };
        const facts = [trustsHeader ? withHeadersSession(fact) : fact];
        yield { line, reading: { outcome: "told", facts } };
        break;
      }
      case "other":
        yield { line, reading: { outcome: "other", name: `${dialect}/${reading.name}` } };
        break;
      case "invalid":
        yield { line, reading };
    }
  }
}

function withHeadersSession({ dialect, fact }: NamedFact): NamedFact {
  const session = fact.session ?? fact.attrs?.[sessionHeader];
  return { dialect, fact: session === undefined ? fact : { ...fact, session } };
}
