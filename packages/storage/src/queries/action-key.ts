import type { ActionKey } from "./action-records.ts";
import { type Asked, ask } from "./ask.ts";

/** The (session, call) behind an action's id (32 hex characters), where any record of it is stored. */
export async function actionKeyOf(asked: Asked, id: string): Promise<ActionKey | undefined> {
  const [row] = await ask(asked, "action-key", { action: id });
  return row && { session: String(row["session"]), call: String(row["call"]) };
}
