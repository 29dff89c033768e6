import type { Page, Row } from "@custody/model";
import { type Asked, ask, type FoundRecord, limitOf, type Paging, windowOf } from "./ask.ts";
import { cursorOf, positionOf } from "./cursor.ts";
import { tracesOfSessions } from "./placements.ts";
import { searchWords } from "./search-words.ts";
import { broughtInto, sharedRecords } from "./shared-records.ts";

export interface SessionFilter extends Paging {
  readonly agent?: string;
  readonly principal?: string;
  readonly repo?: string;
  /** `open` and `unclean` have no end; they differ by whether anything was heard since `idleBefore`. */
  readonly status?: "open" | "ended" | "unclean";
  readonly idleBefore?: string;
  readonly q?: string;
  readonly session?: string;
}

/** The scalars of a session. Everything else about it is in its records. */
export interface SessionRow {
  readonly session: string;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly endedAt: string | null;
  readonly endReason: string | null;
  readonly agent: { readonly name: string; readonly version: string; readonly model: string };
  readonly principal: string | null;
  readonly repo: string | null;
}

const having = {
  agent: "agent_name = {agent:String}",
  principal: "principal_id = {principal:String}",
  repo: "repo_name = {repo:String}",
} as const;

const statuses = {
  ended: "ended_text != ''",
  open: "ended_text = '' AND max(sessions.last_at) >= {idle_before:DateTime64(9, 'UTC')}",
  unclean: "ended_text = '' AND max(sessions.last_at) < {idle_before:DateTime64(9, 'UTC')}",
} as const;

const worded =
  "SELECT session FROM content WHERE tenant = {tenant:String} AND hasAllTokens(words, {words:Array(String)})";
/** Sessions where the words stand, and those that such a session's records were given to. */
const found_q = `(session IN (${worded}) OR session IN (SELECT session FROM records WHERE tenant = {tenant:String} AND class = 'link' AND kind = 'trace_session' AND trace_hex IN (${worded})))`;

/** Sessions that touch the window, the ones that began last first. */
export async function listSessions(asked: Asked, filter: SessionFilter): Promise<Page<SessionRow>> {
  const limit = limitOf(filter);
  const window = windowOf(filter);
  const position = filter.cursor === undefined ? undefined : positionOf(filter.cursor);
  const conditions = (Object.keys(having) as (keyof typeof having)[]).flatMap((key) =>
    filter[key] === undefined ? [] : [having[key]],
  );
  const status = filter.status === undefined ? [] : [statuses[filter.status]];
  const where = [
    ...(filter.session === undefined ? [] : ["session = {session:String}"]),
    ...(filter.q === undefined ? [] : [found_q]),
  ];
  const rows = await ask(
    asked,
    "list-sessions",
    {
      ...window,
      before_at: position?.at ?? "2262-01-01T00:00:00.000000000Z",
      before_session: position?.ledger ?? "",
      limit,
      idle_before: filter.idleBefore ?? window.from,
      agent: filter.agent ?? "",
      principal: filter.principal ?? "",
      repo: filter.repo ?? "",
      session: filter.session ?? "",
      words: searchWords(filter.q ?? ""),
    },
    {
      where: where.join(" AND ") || "true",
      having: [...conditions, ...status].join(" AND ") || "true",
    },
  );
  const items = rows.map(sessionRow);
  const last = items.at(-1);
  const next =
    items.length === limit && last
      ? cursorOf({ at: last.firstAt, leaf: 0, ledger: last.session })
      : null;
  return { items, next };
}

/** What holds for each of several sessions as a whole, in order of time: of `records`, its own, and the sandboxes that its links among them bring in. */
export async function sessionLevelOf(
  asked: Asked,
  sessions: readonly string[],
  records: readonly FoundRecord[],
): Promise<ReadonlyMap<string, readonly FoundRecord[]>> {
  const shared = await sharedRecords(asked, records);
  return new Map(
    sessions.map((session) => {
      const own = records.filter(({ record }) => record.session === session);
      return [session, [...own, ...broughtInto(session, own, shared)].toSorted(inOrder)];
    }),
  );
}

function inOrder(one: FoundRecord, other: FoundRecord): number {
  if (one.at !== other.at) return one.at < other.at ? -1 : 1;
  return one.leaf - other.leaf;
}

/** Those of the sessions that have a flow: one cheap question before each of them is read for joins. */
export async function sessionsWithEgress(
  asked: Asked,
  sessions: readonly string[],
): Promise<ReadonlySet<string>> {
  if (sessions.length === 0) return new Set();
  const stoodFor = await tracesOfSessions(asked, sessions);
  const names = [...new Set([...sessions, ...stoodFor.map(({ trace }) => trace)])];
  const having = await distinctSessions(asked, "sessions-with-egress", names);
  const through = stoodFor.filter(({ trace }) => having.has(trace)).map(({ session }) => session);
  return new Set([...sessions.filter((session) => having.has(session)), ...through]);
}

/** Those of the traces that stand for a session where another record names one. */
export async function tracesWithNames(
  asked: Asked,
  traces: readonly string[],
): Promise<ReadonlySet<string>> {
  return distinctSessions(asked, "traces-with-names", traces);
}

/** Those of the sessions where a model chose a call under an id. */
export async function sessionsWithChoices(
  asked: Asked,
  sessions: readonly string[],
): Promise<ReadonlySet<string>> {
  return distinctSessions(asked, "sessions-with-choices", sessions);
}

async function distinctSessions(
  asked: Asked,
  question: string,
  sessions: readonly string[],
): Promise<ReadonlySet<string>> {
  if (sessions.length === 0) return new Set();
  const rows = await ask(asked, question, { sessions });
  return new Set(rows.map((row) => String(row["session"])));
}

/** Sessions that a flow was received of since a moment: a page of them in the order of their names, after one. */
export async function sessionsWithLateEgress(
  asked: Asked,
  page: { readonly since: string; readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await ask(asked, "sessions-with-late-egress", { ...page });
  return rows.map((row) => String(row["session"]));
}

/** Which names of sessions, of those heard of since a moment, a trace or a span stands in for. */
export type StandIn = "trace_sessions" | "span_calls";

/** Sessions with such a name that were heard of since a moment: a page of them in the order of their names, after one. */
export async function sessionsWithStandIns(
  asked: Asked,
  standIn: StandIn,
  page: { readonly since: string; readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await ask(asked, "sessions-with-stand-ins", { ...page }, { column: standIn });
  return rows.map((row) => String(row["session"]));
}

export function sessionRow(row: Row): SessionRow {
  return {
    session: String(row["session"]),
    firstAt: String(row["first_text"]),
    lastAt: String(row["last_text"]),
    endedAt: orNull(row["ended_text"]),
    endReason: orNull(row["end_reason"]),
    agent: {
      name: String(row["agent_name"]),
      version: String(row["agent_version_text"]),
      model: String(row["agent_model_name"]),
    },
    principal: orNull(row["principal_id"]),
    repo: orNull(row["repo_name"]),
  };
}

/** Absent text is kept as the empty string in the table; here it is absent again. */
export function orNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
