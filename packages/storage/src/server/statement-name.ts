import { createHash, randomUUID } from "node:crypto";
import type { LeafRange } from "../engine.ts";

/** Every statement that feeds leaves of a ledger, whoever runs it, has a query id that begins like this. */
export function ledgerPrefix(ledger: string): string {
  return `custody-${createHash("sha256").update(ledger).digest("hex").slice(0, 16)}-`;
}

/** A query id that says which leaves are fed, so that a later attempt finds the earlier one. */
export function statementName({ ledger, from, to }: LeafRange): string {
  return `${ledgerPrefix(ledger)}${from}-${to}-${randomUUID()}`;
}

/** Those of the names that feed any of these leaves. */
export function overlapping(names: readonly string[], { ledger, from, to }: LeafRange): string[] {
  const prefix = ledgerPrefix(ledger);
  return names.filter((name) => {
    const [, first, end] = /^(\d+)-(\d+)-/.exec(name.slice(prefix.length)) ?? [];
    return name.startsWith(prefix) && Number(first) < to && Number(end) > from;
  });
}
