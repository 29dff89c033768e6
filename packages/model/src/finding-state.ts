import type { FindingStatus } from "./body-trust.ts";
import type { KeyKind, LedgerRecord } from "./record.ts";

type Finding = LedgerRecord<"finding">;

/** Kinds of key under which a person says what became of a finding. */
export const dispositionKinds: readonly KeyKind[] = ["authority", "investigator"];

/** Of the records that rules wrote of each finding the one that counts, by identity: greatest basis, on a tie the smallest id. */
export function winningFindings(
  placed: readonly { readonly record: LedgerRecord }[],
): ReadonlyMap<string, Finding> {
  const winners = new Map<string, Finding>();
  for (const { record } of placed) {
    if (!isFinding(record) || !isRules(record)) continue;
    const identity = record.body.finding ?? "";
    const known = winners.get(identity);
    if (known === undefined || beats(record, known)) winners.set(identity, record);
  }
  return winners;
}

/** What a finding comes to: what its rule says by now, and what people said of it. */
export interface FindingState {
  readonly finding: string;
  readonly winner: Finding;
  /** What people said, in the order in which it was heard. */
  readonly said: readonly Finding[];
  /** A rule's `withdrawn` stands above what people said; else the last thing a person said, unless it is shown again. */
  readonly status: FindingStatus;
  /** Somebody closed it, and its rule has found records since that they had not seen. */
  readonly reopened: boolean;
}

/** The findings among some records, by identity. What an agent or an observer writes under the name of one counts for nothing. */
export function findingStates(
  placed: readonly { readonly record: LedgerRecord }[],
): ReadonlyMap<string, FindingState> {
  const said = new Map<string, Finding[]>();
  for (const { record } of placed) {
    if (!isFinding(record) || !isPersons(record)) continue;
    const identity = record.body.finding ?? "";
    said.set(identity, [...(said.get(identity) ?? []), record]);
  }
  return new Map(
    [...winningFindings(placed)].map(([finding, winner]) => [
      finding,
      stateOf(finding, winner, (said.get(finding) ?? []).toSorted(asHeard)),
    ]),
  );
}

/** Whether something is left to do about it, or was done for good reason: not taken back by its rule, and not called false by a person. */
export function stands({ status, said }: FindingState): boolean {
  return status !== "withdrawn" && !(status === "closed" && lastDisposition(said) === "false");
}

/** The last disposition that a person gave; a later step may leave it out. */
export function lastDisposition(
  said: FindingState["said"],
): Finding["body"]["disposition"] | undefined {
  return said.findLast(({ body }) => body.disposition !== undefined)?.body.disposition;
}

function stateOf(finding: string, winner: Finding, said: readonly Finding[]): FindingState {
  const last = said.at(-1);
  const seen = new Set(said.flatMap(({ body }) => body.refs));
  const isNew = winner.body.refs.some((ref) => !seen.has(ref));
  const isWithdrawn = winner.body.status === "withdrawn";
  const reopened = !isWithdrawn && last?.body.status === "closed" && isNew;
  const status =
    isWithdrawn || reopened || last === undefined ? winner.body.status : last.body.status;
  return { finding, winner, said, status, reopened };
}

function isFinding(record: LedgerRecord): record is Finding {
  return record.class === "finding";
}

/** Our own, and it says what it rests on. */
function isRules({ src, body }: Finding): boolean {
  return src.auth.kind === "internal" && body.finding !== undefined && body.basis !== undefined;
}

function isPersons({ src, body }: Finding): boolean {
  return (
    dispositionKinds.some((kind) => kind === src.auth.kind) &&
    body.finding !== undefined &&
    body.basis === undefined
  );
}

function beats(one: Finding, other: Finding): boolean {
  const [basis, known] = [one.body.basis ?? 0, other.body.basis ?? 0];
  return basis === known ? one.id < other.id : basis > known;
}

function asHeard(one: Finding, other: Finding): number {
  return one.rx === other.rx ? (one.id < other.id ? -1 : 1) : one.rx < other.rx ? -1 : 1;
}
