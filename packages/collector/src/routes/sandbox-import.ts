import { hash } from "node:crypto";
import {
  confinementText,
  readSandboxes,
  type SandboxSourceName,
  sandboxSources,
} from "@custody/context";
import type { Fact } from "@custody/model";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { CollectorContext } from "../context.ts";
import { Refusal } from "../errors.ts";
import type { NamedFact } from "../pipeline/normalise.ts";
import { textBody } from "../plugins/json-body.ts";
import { parsed } from "../plugins/parsed.ts";
import { seatOf } from "../plugins/seating.ts";
import { refuseUnlessCommitted } from "../verdict.ts";

/** Lines, or entries of one list, of one request. */
const linesMax = 50_000;
/** Faulty lines told one by one; all are counted. */
const errorsMax = 100;

const importQuery = z.strictObject({
  source: z.enum(sandboxSources).optional(),
  /** Of lines that do not name it themselves. */
  sandbox: z.string().min(1).max(256).optional(),
});

/** Containers, pods and micro machines in their runtime's own words, under the key of who runs them. */
export function routeSandboxImport(app: FastifyInstance, context: CollectorContext): void {
  app.post("/v1/import/sandbox-runtime", (request, reply) => receive(request, reply, context));
}

async function receive(
  request: FastifyRequest,
  reply: FastifyReply,
  { doors, meters, river }: CollectorContext,
): Promise<FastifyReply> {
  const principal = doors.admit(request, ["observer"], false);
  const query = parsed(importQuery, request.query, "query");
  const leave = seatOf(request).hold();
  try {
    const { facts, others, errors, rejected } = readLines(textBody(request), query);
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

interface Lines {
  readonly facts: readonly NamedFact[];
  readonly others: ReadonlyMap<string, number>;
  readonly errors: readonly { readonly line: number; readonly reason: string }[];
  readonly rejected: number;
}

function readLines(text: string, query: z.output<typeof importQuery>): Lines {
  const facts: NamedFact[] = [];
  const others = new Map<string, number>();
  const errors: { line: number; reason: string }[] = [];
  let rejected = 0;
  let lines = 0;
  for (const { line, source, reading } of readSandboxes(text, query)) {
    if (++lines > linesMax) {
      throw new Refusal("too-large", `more than ${linesMax} lines; send them in parts`);
    }
    switch (reading.outcome) {
      case "told":
        facts.push(...reading.facts.map((fact) => named(source ?? "docker", digested(fact))));
        break;
      case "other": {
        const name = `${source ?? ""}/${reading.name}`;
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

function named(dialect: SandboxSourceName, fact: Fact<"sandbox">): NamedFact {
  return { dialect, fact };
}

/** A configuration without a digest of its runtime's own gets one here, so that it can be approved, and a change shows. */
function digested(fact: Fact<"sandbox">): Fact<"sandbox"> {
  const text = fact.body.config_digest === undefined ? confinementText(fact.body) : undefined;
  if (text === undefined) return fact;
  return { ...fact, body: { ...fact.body, config_digest: hash("sha256", text, "hex") } };
}
