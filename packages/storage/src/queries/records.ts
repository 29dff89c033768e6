import { isTraceSession } from "@custody/context";
import type { Page, RecordClass } from "@custody/model";
import { limits } from "@custody/model";
import { type Asked, ask, type FoundRecord, found, limitOf, type Paging, windowOf } from "./ask.ts";
import { cursorOf, positionOf } from "./cursor.ts";
import { nearFirst } from "./near-first.ts";
import { type Movable, placementOf, tracesOfSession, tracesOfSessions } from "./placements.ts";
import { broughtInto, sharedRecords, withShared } from "./shared-records.ts";

/** Equality on promoted columns; each value is data, each key is a word of this table. */
export interface RecordFilter extends Paging {
  readonly class?: RecordClass;
  readonly session?: string;
  readonly turn?: string;
  readonly call?: string;
  readonly agent?: string;
  readonly principal?: string;
  readonly tool?: string;
  readonly kind?: string;
  readonly status?: string;
  readonly verdict?: string;
  readonly by?: string;
  readonly egress_host?: string;
  readonly egress_action?: string;
  readonly grade?: string;
  readonly dialect?: string;
  readonly subject?: string;
  readonly ledger?: string;
}

const columns = {
  class: "class",
  session: "session",
  turn: "turn",
  call: "call",
  agent: "agent",
  principal: "actor",
  tool: "tool",
  kind: "kind",
  status: "status",
  verdict: "verdict",
  by: "by",
  egress_host: "host",
  egress_action: "action",
  grade: "grade",
  dialect: "dialect",
  subject: "subject",
  ledger: "ledger",
} as const;

/** Records of a tenant, newest first. */
export async function listRecords(asked: Asked, filter: RecordFilter): Promise<Page<FoundRecord>> {
  const limit = limitOf(filter);
  const position = filter.cursor === undefined ? undefined : positionOf(filter.cursor);
  const given = (Object.keys(columns) as (keyof typeof columns)[]).flatMap((key) => {
    const value = filter[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  const where = given.map(([key]) => `${columns[key]} = {is_${key}:String}`).join(" AND ");
  const values = Object.fromEntries(given.map(([key, value]) => [`is_${key}`, value]));
  const rows = await nearFirst(asked, filter, position, limit, (params) =>
    ask(asked, "list-records", { ...params, ...values, limit }, { where: where || "true" }),
  );
  return pageOf(rows.map(found), limit);
}

/**
 * The records of one session in order of time: its timeline, with those that links gave to it and without those they took away. A page may
 * therefore keep fewer than it has.
 */
export async function sessionRecords(
  asked: Asked,
  filter: Paging & { readonly session: string },
): Promise<Page<FoundRecord>> {
  const traces = await tracesOfSession(asked, filter.session);
  const { items, next } = await sessionPage(asked, filter, traces);
  const all = await withShared(asked, filter.session, items);
  const limit = limitOf(filter);
  if (all.length <= limit || limit === 1) return { items: all, next };
  // What links bring in needs room on its page: fewer of the session's own are read.
  return sessionRecords(asked, { ...filter, limit: Math.max(1, limit - (all.length - limit)) });
}

async function sessionPage(
  asked: Asked,
  filter: Paging & { readonly session: string },
  traces: readonly string[],
): Promise<Page<FoundRecord>> {
  const { session } = filter;
  const limit = limitOf(filter);
  const position = filter.cursor === undefined ? undefined : positionOf(filter.cursor);
  const window = windowOf(filter);
  const rows = await ask(asked, "session-records", {
    ...window,
    sessions: [session, ...traces],
    after_at: position?.at ?? window.from,
    after_leaf: position?.leaf ?? -1,
    after_ledger: position?.ledger ?? "",
    limit,
  });
  const { items, next } = pageOf(rows.map(found), limit);
  const placement = await placementOf(asked, items.flatMap(looseOf));
  return { items: items.filter(({ record }) => placement.of(record).session === session), next };
}

/** All records of a session in order of time, up to `pagesMax` full pages: a longer one is read from its first so many. */
export async function wholeSession(
  asked: Asked,
  session: string,
  pagesMax: number,
): Promise<readonly FoundRecord[]> {
  const traces = await tracesOfSession(asked, session);
  const records: FoundRecord[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page++) {
    // Each page's cursor is the end of the one before.
    const paging = {
      session,
      limit: limits.pageItemsMax,
      ...(cursor === undefined ? {} : { cursor }),
    };
    const { items, next } = await sessionPage(asked, paging, traces);
    records.push(...items);
    if (next === null) break;
    cursor = next;
  }
  return withShared(asked, session, records);
}

/** Sessions of one question. */
const sessionsAtOnce = 25;
/** Records of one question: what many sessions hold together, unless one of them is long. */
const recordsAtOnce = limits.pageItemsMax * 10;

/** Whole sessions, each as `wholeSession` reads it, in few questions: a statement costs more than the records of a usual session. */
export async function wholeSessions(
  asked: Asked,
  sessions: readonly string[],
  pagesMax: number,
): Promise<ReadonlyMap<string, readonly FoundRecord[]>> {
  const whole = new Map<string, readonly FoundRecord[]>();
  for (let from = 0; from < sessions.length; from += sessionsAtOnce) {
    const some = sessions.slice(from, from + sessionsAtOnce);
    // One question after another: the store's readers are few, and another caller waits for them too.
    const together = await sessionsTogether(asked, some);
    for (const session of some) {
      whole.set(session, together?.get(session) ?? (await wholeSession(asked, session, pagesMax)));
    }
  }
  return whole;
}

/** Undefined where they hold too much for one question. */
async function sessionsTogether(
  asked: Asked,
  sessions: readonly string[],
): Promise<ReadonlyMap<string, readonly FoundRecord[]> | undefined> {
  const stoodFor = await tracesOfSessions(asked, sessions);
  const start = windowOf({});
  const rows = await ask(asked, "session-records", {
    ...start,
    sessions: [...new Set([...sessions, ...stoodFor.map(({ trace }) => trace)])],
    after_at: start.from,
    after_leaf: -1,
    after_ledger: "",
    limit: recordsAtOnce,
  });
  if (rows.length >= recordsAtOnce) return undefined;
  const records = rows.map(found);
  const placement = await placementOf(asked, records.flatMap(looseOf));
  const bySession = new Map<string, FoundRecord[]>(sessions.map((session) => [session, []]));
  for (const one of records) {
    bySession.get(placement.of(one.record).session ?? "")?.push(one);
  }
  const shared = await sharedRecords(asked, records);
  for (const [session, own] of bySession) own.push(...broughtInto(session, own, shared));
  return bySession;
}

function looseOf({ record, at }: FoundRecord): readonly Movable[] {
  return isTraceSession(record) ? [{ id: record.id, at }] : [];
}

/** Every record of one trace id, native spans and what was joined to them, in order of time. */
export async function traceRecords(
  asked: Asked,
  trace: string,
  limit: number = limits.pageItemsMax * 10,
): Promise<readonly FoundRecord[]> {
  return (await ask(asked, "trace-records", { trace, limit })).map(found);
}

export async function countsByClass(
  asked: Asked,
  window: { readonly from?: string; readonly to?: string },
): Promise<Readonly<Partial<Record<RecordClass, number>>>> {
  const rows = await ask(asked, "counts-by-class", windowOf(window));
  return Object.fromEntries(rows.map((row) => [String(row["class"]), Number(row["records"])]));
}

function pageOf(items: readonly FoundRecord[], limit: number): Page<FoundRecord> {
  const last = items.at(-1);
  return { items, next: items.length === limit && last ? cursorOf(last) : null };
}
