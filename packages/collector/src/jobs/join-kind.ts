import { type LinkFact, newLinks, winningLinkOf } from "@custody/context";
import type { Body, PlacedRecord } from "@custody/model";
import type { Asked } from "@custody/storage/queries";

interface SweepPage {
  readonly since: string;
  readonly after: string;
  readonly limit: number;
}

/** One kind of join. Each session that may have one is looked at as a whole. */
export interface Join {
  /** A page of the sessions that a start looks at again. */
  sweep(asked: Asked, page: SweepPage): Promise<readonly string[]>;
  /** Those of the sessions that something can be concluded of: one question for all, since reading each costs far more. */
  joinable(asked: Asked, sessions: readonly string[]): Promise<ReadonlySet<string>>;
  /** What is new to conclude of one session. */
  look(asked: Asked, session: string): Promise<readonly LinkFact[]>;
}

export function ofClasses(
  records: readonly PlacedRecord[],
  ...classes: readonly string[]
): readonly PlacedRecord[] {
  return records.filter(({ record }) => classes.includes(record.class));
}

/** The conclusions that say something else than the links of their kind among `records`. */
export function worthWriting(
  found: readonly LinkFact[],
  kind: Body<"link">["kind"],
  records: readonly PlacedRecord[],
): readonly LinkFact[] {
  const links = ofClasses(records, "link").filter(
    ({ record }) => (record.body as Body<"link">).kind === kind,
  );
  return newLinks(found, winningLinkOf(links));
}
