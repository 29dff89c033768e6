import type { ActionKey } from "./action-records.ts";
import { type Asked, ask } from "./ask.ts";
import { isMovable, placementOf } from "./placements.ts";

/**
 * The (session, call) behind an action's id (32 hex characters), where any record of it is stored. An action whose records were given to another
 * one since is that one: an id that somebody kept leads there.
 */
export async function actionKeyOf(asked: Asked, id: string): Promise<ActionKey | undefined> {
  const [row] = await ask(asked, "action-key", { action: id });
  if (row === undefined) return undefined;
  const named = { session: String(row["session"]), call: String(row["call"]) };
  if (!isMovable(named)) return named;
  const record = { id: String(row["record"]), ...named };
  const { session, call } = (
    await placementOf(asked, [{ id: record.id, at: String(row["from_text"]) }])
  ).of(record);
  return { session: session ?? named.session, call: call ?? named.call };
}
