import type { Body, Fact, LedgerRecord } from "@custody/model";

/** A link as a fact: the collector stamps it under our own credential. Its key holds everything it was concluded from. */
export interface LinkFact extends Fact<"link"> {
  readonly key: readonly string[];
  readonly ts: string;
  /** Empty where it takes a record of no session of its own back from one. */
  readonly session: string;
}

/** The method of a link that leaves its record where the record itself says. */
export const undecided = "undecided" as const;

/** What a link competes for: the one place of its record; of a sandbox, that it was of this session too; of a verdict, that it is of this call too. */
export function linkSubject({
  session,
  call,
  body,
}: {
  readonly session?: string;
  readonly call?: string;
  readonly body: Body<"link">;
}): string {
  if (body.kind === "approval_call") {
    return JSON.stringify([body.kind, body.record, session ?? "", call ?? ""]);
  }
  const isShared = body.kind === "session_sandbox" || body.kind === "sandbox_call";
  return isShared ? JSON.stringify([body.kind, body.record, session ?? ""]) : body.record;
}

/**
 * The links worth writing: those that conclude something else than the link that counts now. `current` holds the winning link of each subject
 * (`winningLinkOf`). Concluding the same again from more records adds nothing.
 */
export function newLinks(
  links: readonly LinkFact[],
  current: ReadonlyMap<string, LedgerRecord<"link">>,
): readonly LinkFact[] {
  return links.filter((link) => {
    const { session, call, body } = link;
    const known = current.get(linkSubject(link));
    if (known === undefined) return body.method !== undecided;
    if (body.basis < known.body.basis) return false;
    return (
      (known.session ?? "") !== session ||
      known.call !== call ||
      known.body.method !== body.method ||
      known.body.confidence !== body.confidence
    );
  });
}
