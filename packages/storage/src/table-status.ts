import type { Engine } from "./engine.ts";
import { storageLimits } from "./limits.ts";
import { sqlText } from "./sql-files.ts";

export interface TableStatus {
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
  readonly parts: number;
}

/** Rows, bytes and parts of each table that has any. */
export async function tableStatus(
  engine: Engine,
  timeoutMs: number = storageLimits.readTimeoutMs,
): Promise<readonly TableStatus[]> {
  const rows = await engine.rows({ sql: sqlText("store/disk"), params: {}, timeoutMs });
  return rows.map((row) => ({
    table: String(row["table"]),
    rows: Number(row["rows"]),
    bytes: Number(row["bytes"]),
    parts: Number(row["parts"]),
  }));
}
