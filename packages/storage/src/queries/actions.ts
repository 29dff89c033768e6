import type { Body, Page, Row, SqlValue } from "@custody/model";
import { type ActionFilter, actionCandidates, type CandidateSource } from "./action-candidates.ts";
import { type ActionRecords, actionRecords, actionText } from "./action-records.ts";
import {
  type Asked,
  ask,
  beforeOf,
  type FoundRecord,
  limitOf,
  type Paging,
  windowOf,
} from "./ask.ts";
import { cursorOf, type Position, positionOf } from "./cursor.ts";
import { nearFirst, newest, type WindowParams } from "./near-first.ts";
import { isMovable, placementOf, tracesOfSession } from "./placements.ts";

interface Candidate extends Position {
  readonly id: string;
  readonly session: string;
  readonly call: string;
}

/** Rows that are read for each action of a page where many belong to one: another page costs as much as all of them. */
const crowdedRowsFactor = 4;
/** The least rows that are worth a reading of such a list. */
const crowdedRowsMin = 100;

/**
 * Actions that may match a filter, newest first, in the two steps of design 5: candidates in key order by the one class that carries the
 * filter, then the records of those actions alone. The caller assembles each action and checks the whole filter; a page may therefore keep
 * fewer items than it has, and `next` continues behind the last candidate. No action stands on two pages.
 */
export async function listActions(
  asked: Asked,
  filter: ActionFilter & Paging,
): Promise<Page<ActionRecords>> {
  const { from: _, to: __, cursor, limit: ___, ...carried } = filter;
  const limit = limitOf(filter);
  const position = cursor === undefined ? undefined : positionOf(cursor);
  const { rare, crowded, sources, params } = actionCandidates(
    carried,
    filter.session === undefined ? [] : await tracesOfSession(asked, filter.session),
  );
  // Taken before the first row is read: what arrives while the list is read is of the next one. An action may get a row in front of the
  // cursor, and was not shown for that; or several behind it, and each would show it again.
  const asOf = (position === undefined ? await newest(asked) : position.asOf) ?? windowOf({}).to;
  const page = { ...windowOf(filter), ...beforeOf(filter, position) };
  const rowsMax = crowded ? Math.max(limit * crowdedRowsFactor, crowdedRowsMin) : limit;
  const reach: { from?: unknown } = {};
  const read = async (window: WindowParams): Promise<readonly Row[]> => {
    reach.from = window["from"];
    const pages = await Promise.all(
      sources.map(({ table, where }) =>
        ask(
          asked,
          "candidates",
          { ...window, ...params, as_of: asOf, limit: rowsMax },
          { table, where },
        ),
      ),
    );
    return pages.flat();
  };
  const found = await (rare ? read(page) : nearFirst(asked, filter, position, limit, read));
  const rows = found.map(candidate).sort(newestFirst).slice(0, rowsMax);
  const owned = await inPlace(asked, rows, filter.session);
  const { keys, behind } = firstActions(owned, limit);
  const listed =
    position === undefined
      ? new Set<string>()
      : await listedBefore(asked, sources, { ...page, ...params, as_of: asOf }, keys);
  const fresh = keys.filter((one) => !listed.has(actionText(one.session, one.call)));
  // A full page of rows may be of fewer actions: then the next one widens the window.
  const last =
    behind ?? (rows.length === rowsMax || reach.from !== page.from ? rows.at(-1) : undefined);
  return {
    items: await actionRecords(
      asked,
      fresh.map(({ session, call }) => ({ session, call })),
      { yeses: true },
    ),
    next: last === undefined ? null : cursorOf({ ...last, asOf }),
  };
}

/** The first actions of rows in their order, and the row that they end with where there are more. */
function firstActions(
  rows: readonly Candidate[],
  limit: number,
): { readonly keys: readonly Candidate[]; readonly behind: Candidate | undefined } {
  const keys = new Map<string, Candidate>();
  let behind: Candidate | undefined;
  for (const row of rows) {
    const key = actionText(row.session, row.call);
    if (keys.size >= limit && !keys.has(key)) return { keys: [...keys.values()], behind };
    keys.set(key, row);
    behind = row;
  }
  return { keys: [...keys.values()], behind: undefined };
}

function candidate(row: Row): Candidate {
  return {
    at: String(row["at_text"]),
    leaf: Number(row["leaf"]),
    ledger: String(row["ledger"]),
    id: String(row["id_hex"]),
    session: String(row["session"]),
    call: String(row["call"]),
  };
}

/** Gives rows the session and call they belong to by the links of this page's rows alone; a row without a call belongs to no action. */
async function inPlace(
  asked: Asked,
  rows: readonly Candidate[],
  session: string | undefined,
): Promise<readonly Candidate[]> {
  const placement = await placementOf(asked, rows.filter(isMovable));
  return rows.flatMap((row) => {
    const place = placement.of({
      id: row.id,
      ...(row.session && { session: row.session }),
      ...(row.call && { call: row.call }),
    });
    return place.session && place.call && (session === undefined || place.session === session)
      ? [{ ...row, session: place.session, call: place.call }]
      : [];
  });
}

/** An action shows where its newest matching row is; what has a newer one than this page has been shown. */
async function listedBefore(
  asked: Asked,
  sources: readonly CandidateSource[],
  page: Readonly<Record<string, SqlValue>>,
  keys: readonly Candidate[],
): Promise<ReadonlySet<string>> {
  if (keys.length === 0) {
    return new Set();
  }
  const groups = await actionRecords(asked, keys);
  const owner = new Map(
    groups.flatMap((group) =>
      ownRecords(group.records).map(
        ({ record }) => [record.id, actionText(group.session, group.call)] as const,
      ),
    ),
  );
  const pages = await Promise.all(
    sources.map(({ table, where }) =>
      ask(asked, "listed-before", { ...page, ids: [...owner.keys()] }, { table, where }),
    ),
  );
  return new Set(pages.flat().flatMap((row) => owner.get(String(row["id_hex"])) ?? []));
}

/** A yes that a link shows here is listed elsewhere: here the link is. */
function ownRecords(records: readonly FoundRecord[]): readonly FoundRecord[] {
  const shown = new Set(
    records.flatMap(({ record }) => {
      const { kind, record: id } = record.body as Partial<Body<"link">>;
      return record.class === "link" && kind === "approval_call" ? [id] : [];
    }),
  );
  return records.filter(({ record }) => !shown.has(record.id));
}

function newestFirst(one: Position, other: Position): number {
  if (one.at !== other.at) {
    return one.at < other.at ? 1 : -1;
  }
  if (one.leaf !== other.leaf) {
    return other.leaf - one.leaf;
  }
  return one.ledger < other.ledger ? 1 : -1;
}
