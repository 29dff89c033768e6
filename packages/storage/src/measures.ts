import type { Engine } from "./engine.ts";
import { sqlText } from "./sql-files.ts";
import { type TableStatus, tableStatus } from "./table-status.ts";

/** What the engine says of itself: of the whole server where it is one. */
export interface EngineMeasures {
  readonly memoryBytes: number;
  /** 0 where the engine has no cap. */
  readonly memoryBytesMax: number;
  readonly mergesRunning: number;
  /** Since the engine started. */
  readonly merges: number;
  readonly mergedRows: number;
  readonly statementsRunning: number;
  readonly tables: readonly TableStatus[];
}

/** Whoever asks does so again and again: an answer that comes late is of no use. */
const timeoutMs = 5_000;

export async function measuresOf(engine: Engine): Promise<EngineMeasures> {
  const [row] = await engine.rows({ sql: sqlText("store/measures"), params: {}, timeoutMs });
  const read = (name: string): number => Number(row?.[name] ?? 0);
  return {
    memoryBytes: read("memory_bytes"),
    memoryBytesMax: read("memory_bytes_max"),
    mergesRunning: read("merges_running"),
    merges: read("merges"),
    mergedRows: read("merged_rows"),
    statementsRunning: read("statements_running"),
    tables: await tableStatus(engine, timeoutMs),
  };
}
