import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { inlined } from "../placeholders.ts";
import { sqlText } from "../sql-files.ts";
import type { SessionPool } from "./session-pool.ts";

/** How long it takes until it is tried again to end a statement that the engine had not begun, or did not notice yet. */
const againMs = 100;

/** A comment that begins a statement: the embedded engine takes no names for statements. Nobody can guess it, so no text in a statement is one. */
export function createStatementNames(): () => string {
  const process = randomBytes(12).toString("hex");
  let count = 0;
  return () => `/* ${process}-${++count} */ `;
}

/** Ends the statement of a caller that went away; its session is then free. Tried again until `ended`, which the limits of the session bring about at last. */
export async function endStatement(
  enders: SessionPool,
  name: string,
  ended: Promise<unknown>,
): Promise<void> {
  const state = { isOver: false };
  const over = ended.then(() => {
    state.isOver = true;
  });
  const sql = inlined({ sql: sqlText("store/end-named"), params: { name } });
  while (!state.isOver) {
    try {
      await enders.run(sql, "Null");
    } catch {
      // The store is closing, or too busy to answer: the limits of the session end the statement.
      return;
    }
    await Promise.race([over, sleep(againMs, undefined, { ref: false })]);
  }
}
