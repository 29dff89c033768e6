import type { Grade, RecordClass, Row } from "@custody/model";
import { type Asked, ask } from "./ask.ts";
import {
  type Clue,
  type ClueSource,
  type Clues,
  callsOf,
  clueSources,
  escaped,
  evidenceLimits,
  type How,
  looseFlows,
} from "./clues.ts";
import { isMovable, placementOf, tracesOfSessions } from "./placements.ts";
import { orNull, type SessionRow, sessionRow } from "./sessions.ts";

/** A window and the moment in it that evidence is wanted of. */
export interface Around {
  readonly from: string;
  readonly to: string;
  readonly around: string;
}

/** A record that carries a clue, where it belongs by the links made of it. */
export interface Hit {
  readonly clue: Clue;
  readonly how: How;
  readonly id: string;
  readonly ledger: string;
  readonly leaf: number;
  readonly class: RecordClass;
  readonly at: string;
  readonly session: string | null;
  readonly call: string | null;
  readonly grade: Grade;
  readonly vantage: "enforcer" | null;
  readonly subject: string;
  /** Of a flow. */
  readonly host: string | null;
  readonly port: number | null;
  readonly action: string | null;
  /** The link that gave the call, where the record itself names none. */
  readonly link: { readonly method: string; readonly confidence: "high" | "medium" | "low" } | null;
}

export interface Hits {
  readonly hits: readonly Hit[];
  /** The limit that was met, so that there may be more than were read; null where none was. */
  readonly cut: number | null;
}

/** The records of a window that carry a clue, the nearest first. */
export async function clueHits(
  asked: Asked,
  clue: Clue,
  value: string,
  window: Around,
  limit: number = evidenceLimits.hitsMax,
): Promise<Hits> {
  const found = await hitsOf(asked, clue, clueSources[clue](value), window, limit);
  return clue === "file" ? withWholePaths(asked, value, window, found) : found;
}

/** Of what holds the last part of a path, says which holds the whole. */
async function withWholePaths(
  asked: Asked,
  file: string,
  { from, to }: Around,
  { hits, cut }: Hits,
): Promise<Hits> {
  if (hits.length === 0) return { hits, cut };
  const rows = await ask(asked, "content-holding", {
    from,
    to,
    ids: hits.map(({ id }) => id),
    held: file,
    held_json: escaped(file),
  });
  const whole = new Set(rows.map((row) => `${row["ledger"]}/${row["leaf"]}`));
  return {
    cut,
    hits: hits.map((hit) =>
      whole.has(`${hit.ledger}/${hit.leaf}`) ? { ...hit, how: "path" as const } : hit,
    ),
  };
}

/** Flows whose source named no call: a link may have given them one since. */
export async function looseFlowHits(
  asked: Asked,
  clues: Pick<Clues, "host">,
  window: Around,
): Promise<Hits> {
  const clue = clues.host === undefined ? "time" : "host";
  return hitsOf(asked, clue, looseFlows(clues), window, evidenceLimits.looseFlowsMax);
}

/** The calls of sessions in a window, one record of each. */
export async function callsNear(
  asked: Asked,
  sessions: readonly string[],
  window: Around,
): Promise<Hits> {
  if (sessions.length === 0) return { hits: [], cut: null };
  const traces = await tracesOfSessions(asked, sessions);
  const source = callsOf([...new Set([...sessions, ...traces.map(({ trace }) => trace)])]);
  return hitsOf(asked, "time", source, window, evidenceLimits.hitsMax);
}

/** The scalars of sessions by their names. */
export async function sessionRows(
  asked: Asked,
  sessions: readonly string[],
): Promise<readonly SessionRow[]> {
  if (sessions.length === 0) return [];
  return (await ask(asked, "sessions-by-name", { sessions })).map(sessionRow);
}

async function hitsOf(
  asked: Asked,
  clue: Clue,
  { where, how, by, each, params }: ClueSource,
  window: Around,
  limit: number,
): Promise<Hits> {
  const slots = { where, how, by };
  const rows = await ask(asked, "evidence-near", { ...window, ...params, each, limit }, slots);
  const cut = rows.length === limit ? limit : hasFullSession(rows, each) ? each : null;
  const hits = [...new Map(rows.map((row) => [String(row["id_hex"]), hitOf(clue, row)])).values()];
  const movable = hits.filter((one) => isMovable(namesOf(one)));
  const placement = await placementOf(asked, movable);
  return {
    cut,
    hits: hits.map((hit) => {
      const { session = null, call = null, link } = placement.of(namesOf(hit));
      const { method, confidence } = link?.body ?? {};
      const linked =
        method === undefined || confidence === undefined ? null : { method, confidence };
      return { ...hit, session, call, link: linked };
    }),
  };
}

/** Whether flows of one session that name no call met their bound: which are missing matters, where of one call it does not. */
function hasFullSession(rows: readonly Row[], each: number): boolean {
  const flows = new Map<string, number>();
  for (const row of rows) {
    if (row["class"] !== "egress" || row["call"] !== "") continue;
    const session = String(row["session"]);
    flows.set(session, (flows.get(session) ?? 0) + 1);
  }
  return [...flows.values()].some(
    (count) => count >= each && each === evidenceLimits.hitsOfCallMax,
  );
}

function namesOf({ id, session, call }: Hit): { id: string; session?: string; call?: string } {
  return { id, ...(session === null ? {} : { session }), ...(call === null ? {} : { call }) };
}

function hitOf(clue: Clue, row: Row): Hit {
  const port = Number(row["port_number"]);
  return {
    clue,
    how: String(row["how"]) as How,
    id: String(row["id_hex"]),
    ledger: String(row["ledger"]),
    leaf: Number(row["leaf"]),
    class: String(row["class"]) as RecordClass,
    at: String(row["at_text"]),
    session: orNull(row["session"]),
    call: orNull(row["call"]),
    grade: String(row["grade"]) as Grade,
    vantage: row["vantage"] === "enforcer" ? "enforcer" : null,
    subject: String(row["subject"]),
    host: orNull(row["host"]),
    port: port === 0 ? null : port,
    action: orNull(row["action"]),
    link: null,
  };
}
