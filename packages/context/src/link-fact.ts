import type { Fact, LedgerRecord } from "@custody/model";

/** A link as a fact: the collector stamps it under our own credential. Its key holds everything it was concluded from. */
export interface LinkFact extends Fact<"link"> {
  readonly key: readonly string[];
  readonly ts: string;
  readonly session: string;
}

/** The method of a link that leaves its record where the record itself says. */
export const undecided = "undecided";

/**
 * The links worth writing: those that conclude something else than the link that counts now. `current` holds the winning link of each record
 * (`winningLinkOf`). Concluding the same again from more records adds nothing.
 */
export function newLinks(
  links: readonly LinkFact[],
  current: ReadonlyMap<string, LedgerRecord<"link">>,
): readonly LinkFact[] {
  return links.filter(({ session, call, body }) => {
    const known = current.get(body.record);
    if (known === undefined) return body.method !== undecided;
    if (body.basis < known.body.basis) return false;
    return (
      known.session !== session ||
      known.call !== call ||
      known.body.method !== body.method ||
      known.body.confidence !== body.confidence
    );
  });
}
