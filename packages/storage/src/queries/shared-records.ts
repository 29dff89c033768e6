import { type Placement, placementBy } from "@custody/context";
import type { LedgerRecord } from "@custody/model";
import type { Asked, FoundRecord } from "./ask.ts";
import { linksOf } from "./placements.ts";
import { recordsById } from "./records-by-id.ts";

/** Links that bring a record into a session which that record does not name: a sandbox it had, a flow that came out of it, a verdict on its action. */
const sharing: ReadonlySet<string> = new Set([
  "session_sandbox",
  "sandbox_session",
  "egress_call",
  "approval_call",
]);

/** What a session's links bring into it from elsewhere: every such record, with where all links say that it belongs. */
export interface SharedRecords {
  readonly records: readonly FoundRecord[];
  readonly placement: Placement;
}

/** The records that links among `items` point at and that lie under another session, or none. Asks nothing where there is no such link. */
export async function sharedRecords(
  asked: Asked,
  items: readonly FoundRecord[],
): Promise<SharedRecords> {
  const links = items.filter(({ record }) => isSharing(record));
  if (links.length === 0) return { records: [], placement: placementBy([]) };
  const linked = new Set(links.flatMap(linkedId));
  const here = items.filter(({ record }) => linked.has(record.id));
  for (const { record } of here) linked.delete(record.id);
  const targets = [...here, ...(await recordsById(asked, [...linked]))];
  // Where the link only adds the call of a record that is the session's anyway, another page may have that.
  const elsewhere = targets.filter(({ record }) =>
    links.some((link) => leads(link.record, record) && link.record.session !== record.session),
  );
  if (elsewhere.length === 0) return { records: [], placement: placementBy(links) };
  const all = await linksOf(
    asked,
    elsewhere.map(({ record, at }) => ({ id: record.id, at })),
  );
  const placement = placementBy(all);
  // Only with the link that counts: of a page's records, each stands on one page alone.
  const counting = new Set(
    links.filter(({ record }) => isLink(record) && placement.holds(record)).flatMap(linkedId),
  );
  return { records: elsewhere.filter(({ record }) => counting.has(record.id)), placement };
}

/** Those of them that a session has besides its own. */
export function broughtInto(
  session: string,
  own: readonly FoundRecord[],
  { records, placement }: SharedRecords,
): readonly FoundRecord[] {
  const here = new Set(own.map(placeText));
  return records.filter(
    (one) => !here.has(placeText(one)) && placement.belongs(one.record, session),
  );
}

function placeText({ ledger, leaf }: FoundRecord): string {
  return `${ledger}/${leaf}`;
}

/** The session's own records and those that its links bring in, in order of time. */
export async function withShared(
  asked: Asked,
  session: string,
  items: readonly FoundRecord[],
): Promise<readonly FoundRecord[]> {
  const brought = broughtInto(session, items, await sharedRecords(asked, items));
  return brought.length === 0 ? items : [...items, ...brought].toSorted(inOrder);
}

function isLink(record: LedgerRecord): record is LedgerRecord<"link"> {
  return record.class === "link";
}

function isSharing(record: LedgerRecord): boolean {
  return isLink(record) && sharing.has(record.body.kind);
}

function linkedId({ record }: FoundRecord): readonly string[] {
  return isLink(record) ? [record.body.record] : [];
}

function leads(link: LedgerRecord, { id }: LedgerRecord): boolean {
  return isLink(link) && link.body.record === id;
}

function inOrder(one: FoundRecord, other: FoundRecord): number {
  if (one.at !== other.at) return one.at < other.at ? -1 : 1;
  return one.leaf - other.leaf;
}
