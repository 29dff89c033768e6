import { isSpanCall, type Placeable, type Placement, placementBy } from "@custody/context";
import { limits } from "@custody/model";
import { type Asked, ask, found } from "./ask.ts";

/** A trace that stands for a conversation has its own id for a name. */
const traceName = /^[0-9a-f]{32}$/;

/** Whether a link may say of a record that it belongs elsewhere. Most name their session and their call, and none is looked for. */
export function isMovable({ session = "", call = "" }: Omit<Placeable, "id">): boolean {
  return call === "" || isSpanCall(call) || traceName.test(session);
}

/** Where records belong, by every link that was made of them. */
export async function placementOf(asked: Asked, ids: readonly string[]): Promise<Placement> {
  if (ids.length === 0) return placementBy([]);
  const limit = limits.pageItemsMax * 100;
  return placementBy((await ask(asked, "links-of", { ids: [...new Set(ids)], limit })).map(found));
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
