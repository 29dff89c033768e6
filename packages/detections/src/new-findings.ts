import { findingIdText, type LedgerRecord, limits } from "@custody/model";
import type { FindingFact } from "./detect.ts";
import { compareText } from "./record-order.ts";
import type { Rule } from "./rule.ts";

/** What was looked at, and what had been written of it before. */
export interface Look {
  readonly tenant: string;
  /** The rules that were asked: what others found is left as it is. */
  readonly rules: readonly Rule[];
  /** How many records they were asked about. It grows only, so that of two looks the one that knew more counts. */
  readonly basis: number;
  /** Of everything written of this session or day before, the records that count (`winningFindings`). */
  readonly winners: ReadonlyMap<string, LedgerRecord<"finding">>;
  /** First 16 bytes of the SHA-256 of a text, hex. */
  hash(text: string): string;
}

/** The identity of what was found, hashed: the id under which people know it. */
export function findingId(
  found: FindingFact,
  { tenant, hash }: Pick<Look, "tenant" | "hash">,
): string {
  const [, rule = "", version = "", session = "", call = "", name = "", about = ""] = found.key;
  return hash(findingIdText(tenant, { rule, version, session, call, case: name, about }));
}

/**
 * The facts worth writing of one look: what holds and was not said so before, and, taken back, what was said and holds no more. A look that knew
 * no more than the one before it says nothing. So late, shuffled and repeated input ends in the same open findings.
 */
export function newFindings(found: readonly FindingFact[], look: Look): readonly FindingFact[] {
  const holding = new Map(found.map((one) => [findingId(one, look), one]));
  const opened = [...holding].flatMap(([id, one]) => {
    const winner = look.winners.get(id);
    return winner !== undefined && (knewAsMuch(winner, look) || saysSame(winner, one))
      ? []
      : [written(id, one, look.basis)];
  });
  const asked = new Set(look.rules.map(ruleText));
  const withdrawn = [...look.winners].flatMap(([id, winner]) => {
    const { body } = winner;
    const isOurs = asked.has(ruleText({ id: body.rule, version: body.rule_version }));
    const stands = holding.has(id) || body.status === "withdrawn" || !isOurs;
    return stands || knewAsMuch(winner, look) ? [] : [withdrawal(id, winner, look.basis)];
  });
  return [...opened, ...withdrawn];
}

function ruleText({ id, version }: Pick<Rule, "id" | "version">): string {
  return JSON.stringify([id, version]);
}

function knewAsMuch(winner: LedgerRecord<"finding">, { basis }: Look): boolean {
  return (winner.body.basis ?? 0) >= basis;
}

function saysSame({ grade, body }: LedgerRecord<"finding">, found: FindingFact): boolean {
  return (
    (grade === "inferred") === (found.inferred === true) &&
    body.status === "open" &&
    body.severity === found.body.severity &&
    body.refs.join(" ") === found.body.refs.join(" ")
  );
}

function written(id: string, found: FindingFact, basis: number): FindingFact {
  const { status, severity, refs } = found.body;
  return {
    ...found,
    key: ["finding", id, String(basis), status, severity, ...refs],
    body: { ...found.body, finding: id, basis },
  };
}

/** It keeps the time and the records of what it takes back, so that both are found together. */
function withdrawal(id: string, winner: LedgerRecord<"finding">, basis: number): FindingFact {
  const { ts, session, call, body } = winner;
  const refs = body.refs.slice(0, limits.bodyListItemsMax).toSorted(compareText);
  return {
    class: "finding",
    key: ["finding", id, String(basis), "withdrawn", body.severity, ...refs],
    ts,
    ...(session === undefined ? {} : { session }),
    ...(call === undefined ? {} : { call }),
    body: { ...body, refs, status: "withdrawn", basis },
  };
}
