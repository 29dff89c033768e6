import type { Grade, RecordClass, Row } from "@custody/model";
import { type Asked, ask } from "./ask.ts";
import {
  type Clue,
  type ClueSource,
  type Clues,
  callsOf,
  clueSources,
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
  /** There may be more than were read. */
  readonly cut: boolean;
}

export const evidenceLimits = {
  /** Records read for one clue. */
  hitsMax: 500,
  /** Of them, of one call; or of one session, of a clue that speaks of sessions. */
  hitsOfCallMax: 50,
  hitsOfSessionMax: 3,
  /** Flows read whose source named no call; links are looked up for each. */
  looseFlowsMax: 200,
} as const;

/** The records of a window that carry a clue, the nearest first. */
export async function clueHits(
  asked: Asked,
  clue: Clue,
  value: string,
  window: Around,
  limit: number = evidenceLimits.hitsMax,
): Promise<Hits> {
  const source = clueSources[clue](value);
  const { hitsOfCallMax, hitsOfSessionMax } = evidenceLimits;
  const each = source.by === "session" ? hitsOfSessionMax : hitsOfCallMax;
  return hitsOf(asked, clue, source, window, { each, limit });
}

/** Flows whose source named no call: a link may have given them one since. */
export async function looseFlowHits(
  asked: Asked,
  clues: Pick<Clues, "host">,
  window: Around,
): Promise<Hits> {
  const { looseFlowsMax, hitsOfCallMax } = evidenceLimits;
  const clue = clues.host === undefined ? "time" : "host";
  const bounds = { each: hitsOfCallMax, limit: looseFlowsMax };
  return hitsOf(asked, clue, looseFlows(clues), window, bounds);
}

/** The calls of sessions in a window, one record of each. */
export async function callsNear(
  asked: Asked,
  sessions: readonly string[],
  window: Around,
): Promise<Hits> {
  if (sessions.length === 0) return { hits: [], cut: false };
  const traces = await tracesOfSessions(asked, sessions);
  const source = callsOf([...new Set([...sessions, ...traces.map(({ trace }) => trace)])]);
  return hitsOf(asked, "time", source, window, { each: 1, limit: evidenceLimits.hitsMax });
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
  { where, how, by, params }: ClueSource,
  window: Around,
  bounds: { readonly each: number; readonly limit: number },
): Promise<Hits> {
  const slots = { where, how, by };
  const rows = await ask(asked, "evidence-near", { ...window, ...bounds, ...params }, slots);
  const cut = rows.length === bounds.limit;
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
