import { limits, type PlacedRecord } from "@custody/model";
import { type Asked, ask, type FoundRecord, found } from "./ask.ts";
import { recordsById } from "./records.ts";

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
}

const recordsPerActionMax = 1_000;

/** The records of actions, in the order of `keys`. A link whose record is given to another call by a better link counts for nothing. */
export async function actionRecords(
  asked: Asked,
  keys: readonly ActionKey[],
): Promise<readonly ActionRecords[]> {
  if (keys.length === 0) {
    return [];
  }
  const sessions = [...new Set(keys.map((key) => key.session))];
  const limit = Math.min(keys.length * recordsPerActionMax, limits.pageItemsMax * 100);
  const [own, sessionLevel] = await Promise.all([
    ask(asked, "action-records", {
      sessions,
      calls: keys.map((key) => key.call),
      pair_sessions: keys.map((key) => key.session),
      pair_calls: keys.map((key) => key.call),
      limit,
    }),
    ask(asked, "session-level-records", { sessions, limit }),
  ]);
  const records = own.map(found);
  const linked = await linkedRecords(asked, records);
  const bySession = groupBy(sessionLevel.map(found), ({ record }) => record.session ?? "");
  const byAction = groupBy(records, ({ record }) => actionText(record.session, record.call));
  return keys.map((key) => {
    const name = actionText(key.session, key.call);
    const given = linked.get(name) ?? [];
    const mine = byAction.get(name) ?? [];
    const known = new Set(mine.map((one) => one.sha));
    return {
      ...key,
      records: [...mine, ...given.filter((one) => !known.has(one.sha))].sort(inOrder),
      sessionLevel: bySession.get(key.session) ?? [],
    };
  });
}

/** The records that links among `records` point at, by the action whose link wins. */
async function linkedRecords(
  asked: Asked,
  records: readonly FoundRecord[],
): Promise<ReadonlyMap<string, readonly FoundRecord[]>> {
  const ids = [...new Set(records.flatMap((one) => linkedId(one) ?? []))];
  if (ids.length === 0) {
    return new Map();
  }
  const [links, targets] = await Promise.all([winningLinks(asked, ids), recordsById(asked, ids)]);
  return groupBy(targets, ({ record }) => {
    const link = links.get(record.id);
    return actionText(link?.record.session, link?.record.call);
  });
}

/** Of all links of each record, the one with the largest basis; on a tie the smallest id, so that late input converges (design 3). */
export async function winningLinks(
  asked: Asked,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PlacedRecord>> {
  const limit = limits.pageItemsMax * 100;
  const links = (await ask(asked, "links-of", { ids, limit })).map(found);
  const winners = new Map<string, PlacedRecord>();
  for (const link of links) {
    const id = linkedId(link);
    const known = id === undefined ? undefined : winners.get(id);
    if (id !== undefined && (known === undefined || beats(link, known))) {
      winners.set(id, link);
    }
  }
  return winners;
}

function linkedId({ record }: PlacedRecord): string | undefined {
  return record.class === "link" && "record" in record.body ? record.body.record : undefined;
}

function beats(one: PlacedRecord, other: PlacedRecord): boolean {
  const [mine, theirs] = [basisOf(one), basisOf(other)];
  return mine === theirs ? one.record.id < other.record.id : mine > theirs;
}

function basisOf({ record }: PlacedRecord): number {
  return "basis" in record.body ? record.body.basis : 0;
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

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}
