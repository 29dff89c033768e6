import { isSpanCall, type Placeable, type Placement, placementBy } from "@custody/context";
import { limits } from "@custody/model";
import { type Asked, ask, type FoundRecord, found, windowOf } from "./ask.ts";

/** A trace that stands for a conversation has its own id for a name. */
const traceName = /^[0-9a-f]{32}$/;

/** Whether a link may say of a record that it belongs elsewhere. Most name their session and their call, and none is looked for. */
export function isMovable({ session = "", call = "" }: Omit<Placeable, "id">): boolean {
  return call === "" || isSpanCall(call) || traceName.test(session);
}

/** A record as far as links to it are looked for. */
export interface Movable {
  readonly id: string;
  /** When it is listed; of a link's record, what the link has of its time. A link to a record is never listed before it. */
  readonly at: string;
}

/** Where records belong, by every link that was made of them. */
export async function placementOf(asked: Asked, records: readonly Movable[]): Promise<Placement> {
  return placementBy(await linksOf(asked, records));
}

/** Every link that was made of the records. */
export async function linksOf(
  asked: Asked,
  records: readonly Movable[],
): Promise<readonly FoundRecord[]> {
  if (records.length === 0) return [];
  // A source may have any time, and the engine takes none before its own first.
  const engineStart = windowOf({}).from;
  const times = records.map(({ at }) => at).filter((at) => at > engineStart);
  const [first = engineStart] = times.length === records.length ? times.sort() : [];
  const rows = await ask(asked, "links-of", {
    ids: [...new Set(records.map(({ id }) => id))],
    from: first,
    limit: limits.pageItemsMax * 100,
  });
  return rows.map(found);
}

/** The traces of which a record belongs, or once belonged, to a session without naming it. */
export async function tracesOfSession(asked: Asked, session: string): Promise<readonly string[]> {
  return (await tracesOfSessions(asked, [session])).map(({ trace }) => trace);
}

/** Traces that stood for sessions, each with the session. */
export async function tracesOfSessions(
  asked: Asked,
  sessions: readonly string[],
): Promise<readonly { readonly session: string; readonly trace: string }[]> {
  const limit = limits.pageItemsMax * 5;
  const rows = await ask(asked, "traces-of-sessions", { sessions, limit });
  return rows.map((row) => ({ session: String(row["session"]), trace: String(row["trace"]) }));
}
