import { placementBy } from "@custody/context";
import { type LedgerRecord, limits } from "@custody/model";
import { type Asked, ask, type FoundRecord, found } from "./ask.ts";
import { isMovable, linksOf } from "./placements.ts";
import { recordsById } from "./records-by-id.ts";
import { sessionLevelOf } from "./sessions.ts";

export interface ActionKey {
  readonly session: string;
  readonly call: string;
}

/** Everything one action is assembled from. */
export interface ActionRecords extends ActionKey {
  /** Records of this (session, call), and those that a link gives to it, in order of time. */
  readonly records: readonly FoundRecord[];
  /** What holds for its whole session: session and sandbox records without a call. */
  readonly sessionLevel: readonly FoundRecord[];
  /** Yeses for more than once that its whole session was given, where they were asked for. */
  readonly yeses?: readonly FoundRecord[];
}

/** What is read besides the records of calls and of their sessions. */
export interface ActionReading {
  readonly yeses: boolean;
}

/** The actions that records belong to by now, each once; a record of no call has none. */
export async function actionKeysOf(
  asked: Asked,
  records: readonly FoundRecord[],
): Promise<readonly ActionKey[]> {
  const movable = records.filter(({ record }) => isMovable(record));
  const links = await linksOf(
    asked,
    movable.map(({ record, at }) => ({ id: record.id, at })),
  );
  const placement = placementBy(links);
  const keys = records.flatMap(({ record }) => {
    const { session, call } = placement.of(record);
    return session === undefined || call === undefined ? [] : [{ session, call }];
  });
  return [...new Map(keys.map((key) => [actionText(key.session, key.call), key])).values()];
}

const recordsPerActionMax = 1_000;
/** Rows of a question about sessions as a whole. */
const sessionRowsMax = limits.pageItemsMax * 10;

/** The records of actions, in the order of `keys`. A record that a link gave to another action stands there and nowhere else. */
export async function actionRecords(
  asked: Asked,
  keys: readonly ActionKey[],
  reading: ActionReading = { yeses: false },
): Promise<readonly ActionRecords[]> {
  if (keys.length === 0) {
    return [];
  }
  const sessions = [...new Set(keys.map((key) => key.session))];
  const ownMax = Math.min(keys.length * recordsPerActionMax, limits.pageItemsMax * 100);
  const rows = await ask(asked, "action-records", {
    sessions,
    pair_sessions: keys.map((key) => key.session),
    pair_calls: keys.map((key) => key.call),
    with_yeses: reading.yeses,
    limit: Math.max(ownMax, sessionRowsMax),
  });
  const those = (flag: string, max: number): readonly FoundRecord[] =>
    rows
      .filter((row) => Boolean(row[flag]))
      .slice(0, max)
      .map(found);
  const [records, sessionLevel] = await Promise.all([
    inPlace(asked, those("is_own", ownMax)),
    sessionLevelOf(asked, sessions, those("is_level", sessionRowsMax)),
  ]);
  const yeses = groupBy(those("is_yes", sessionRowsMax), ({ record }) => [record.session ?? ""]);
  return keys.map((key) => ({
    ...key,
    records: (records.get(actionText(key.session, key.call)) ?? []).toSorted(inOrder),
    sessionLevel: sessionLevel.get(key.session) ?? [],
    ...(reading.yeses && { yeses: yeses.get(key.session) ?? [] }),
  }));
}

/** Records by the action they belong to: what links among them point at comes in, what other links took elsewhere goes. */
async function inPlace(
  asked: Asked,
  own: readonly FoundRecord[],
): Promise<ReadonlyMap<string, readonly FoundRecord[]>> {
  const linked = own.flatMap(({ record, at }) => {
    const id = linkedId(record);
    const [earliest = at] = [record.ts, at].sort();
    return id === undefined ? [] : { id, at: earliest };
  });
  const movable = own
    .filter(({ record }) => isMovable(record))
    .map(({ record, at }) => ({ id: record.id, at }));
  const [links, targets] = await Promise.all([
    linksOf(asked, [...linked, ...movable]),
    recordsById(asked, [...new Set(linked.map(({ id }) => id))]),
  ]);
  const placement = placementBy(links);
  const all = new Map(
    [...own, ...targets, ...links].map((one) => [`${one.ledger}/${one.leaf}`, one]),
  );
  const valid = [...all.values()].filter(
    ({ record }) => !isLink(record) || placement.holds(record),
  );
  return groupBy(valid, ({ record }) =>
    placement.places(record).map(({ session, call }) => actionText(session, call)),
  );
}

function isLink(record: LedgerRecord): record is LedgerRecord<"link"> {
  return record.class === "link";
}

function linkedId(record: LedgerRecord): string | undefined {
  return isLink(record) ? record.body.record : undefined;
}

export function actionText(session: string | undefined, call: string | undefined): string {
  return JSON.stringify([session ?? "", call ?? ""]);
}

function inOrder(one: FoundRecord, other: FoundRecord): number {
  if (one.at !== other.at) {
    return one.at < other.at ? -1 : 1;
  }
  return one.leaf - other.leaf;
}

/** A verdict may be of several actions. */
function groupBy<T>(items: readonly T[], keys: (item: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const name of new Set(keys(item))) {
      const group = groups.get(name);
      if (group) group.push(item);
      else groups.set(name, [item]);
    }
  }
  return groups;
}
