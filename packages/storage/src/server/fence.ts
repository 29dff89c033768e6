import { randomInt } from "node:crypto";
import type { SqlValue } from "@custody/model";
import type { Engine, FeedStatement, LeafRange } from "../engine.ts";
import { storageLimits } from "../limits.ts";
import { inlined } from "../placeholders.ts";
import { sqlText } from "../sql-files.ts";
import { ledgerPrefix, overlapping } from "./statement-name.ts";

/**
 * A server goes on with an insert whose connection broke, or whose sender died, and may begin late what it was sent whole; a repair beside
 * either would store leaves twice. So every insert reads the table of fences when it runs, and a repair takes two steps before it looks for
 * what is missing. First it writes its fence: what begins from now on with a smaller one is refused. Then it ends what has begun already: a
 * statement is in `system.processes` before it reads anything, so one that is not there either has ended or will see the fence.
 */
export async function fenced(
  server: Pick<Engine, "command" | "rows">,
  leaves: LeafRange,
): Promise<number> {
  const { ledger, from, to } = leaves;
  const [last] = await server.rows({ sql: sqlText("store/fence-latest"), params: { ledger } });
  // At random: of two repairs of the same leaves at the same time, one must end the other.
  const fence = Number(last?.["fence"]) + randomInt(1, storageLimits.fenceStepMax);
  await server.command({ sql: sqlText("store/fence"), params: { ledger, from, to, fence } });
  await ended(server, leaves);
  return fence;
}

/** What the condition `{{unfenced}}` of a statement asks for. */
export function fenceParams({ leaves, fence }: FeedStatement): Readonly<Record<string, SqlValue>> {
  return { fence_ledger: leaves.ledger, fence_from: leaves.from, fence_to: leaves.to, fence };
}

async function ended(server: Pick<Engine, "command" | "rows">, leaves: LeafRange): Promise<void> {
  const params = { prefix: ledgerPrefix(leaves.ledger) };
  const running = await server.rows({ sql: sqlText("store/running"), params });
  const ids = overlapping(
    running.map((row) => String(row["query_id"])),
    leaves,
  );
  if (ids.length === 0) return;
  // SYNC: answers when they have ended. In the text, since this statement takes no parameters.
  const sql = inlined({ sql: sqlText("store/end-statements"), params: { ids } });
  await server.command({ sql, params: {} });
}
