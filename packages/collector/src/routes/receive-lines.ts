import type { FastifyReply, FastifyRequest } from "fastify";
import type { CollectorContext } from "../context.ts";
import { Refusal } from "../errors.ts";
import { sourceOf } from "../metrics/source-meter.ts";
import type { NamedFact } from "../pipeline/normalise.ts";
import { textBody } from "../plugins/json-body.ts";
import { seatOf } from "../plugins/seating.ts";
import { refuseUnlessCommitted } from "../verdict.ts";

/** Lines, or entries of one document, of one request. */
const linesMax = 50_000;
/** Faulty lines told one by one; all are counted. */
const errorsMax = 100;

/** What one line comes to: facts under the dialect that read them, something else that is counted by its name, or a fault of its own. */
export interface Line {
  /** Counted from one. */
  readonly line: number;
  readonly reading:
    | { readonly outcome: "told"; readonly facts: readonly NamedFact[] }
    | { readonly outcome: "other"; readonly name: string }
    | { readonly outcome: "invalid"; readonly reason: string };
}

/** Receives an observer's log in its source's own words: a faulty line refuses itself alone, and what is answered as accepted is durable. */
export async function receiveLines(
  request: FastifyRequest,
  reply: FastifyReply,
  { doors, meters, river }: CollectorContext,
  read: (text: string) => Iterable<Line>,
): Promise<FastifyReply> {
  const principal = doors.admit(request, ["observer"], false);
  const leave = seatOf(request).hold();
  try {
    const { facts, others, errors, rejected } = sorted(read(textBody(request)));
    const delivered = await river.facts(principal, facts, others);
    meters.received(facts.length, principal);
    meters.refused("line", sourceOf(principal), rejected);
    const receipt = refuseUnlessCommitted(delivered.verdict, meters);
    meters.noise(delivered.noise);
    return await reply
      .header("custody-receipt", await delivered.ledger.sign(receipt))
      .send({ accepted: facts.length, other: delivered.noise, rejected, errors });
  } finally {
    leave();
  }
}

interface Sorted {
  readonly facts: readonly NamedFact[];
  /** Lines that say something else, counted by what they say. */
  readonly others: ReadonlyMap<string, number>;
  readonly errors: readonly { readonly line: number; readonly reason: string }[];
  readonly rejected: number;
}

function sorted(all: Iterable<Line>): Sorted {
  const facts: NamedFact[] = [];
  const others = new Map<string, number>();
  const errors: { line: number; reason: string }[] = [];
  let [lines, rejected] = [0, 0];
  for (const { line, reading } of all) {
    if (++lines > linesMax) {
      throw new Refusal("too-large", `more than ${linesMax} lines; send them in parts`);
    }
    switch (reading.outcome) {
      case "told":
        facts.push(...reading.facts);
        break;
      case "other":
        others.set(reading.name, (others.get(reading.name) ?? 0) + 1);
        break;
      case "invalid":
        rejected++;
        if (errors.length < errorsMax) errors.push({ line, reason: reading.reason });
    }
  }
  return { facts, others, errors, rejected };
}
