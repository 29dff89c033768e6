import { storageLimits } from "./limits.ts";

export type EngineSettings = Readonly<Record<string, string | number>>;

/** Pinned for every statement, so that an answer never depends on a server's defaults. */
const common: EngineSettings = {
  session_timezone: "UTC",
  join_use_nulls: 0,
  transform_null_in: 0,
  output_format_json_quote_64bit_integers: 1,
  date_time_input_format: "best_effort",
  max_query_size: storageLimits.statementBytesMax,
};

/** `async_insert` is on by default in 26.x; we batch ourselves. Text indexes are built by merges, away from the hot path. */
export const writeSettings: EngineSettings = {
  ...common,
  async_insert: 0,
  insert_deduplicate: 0,
  deduplicate_blocks_in_dependent_materialized_views: 0,
  materialized_views_ignore_errors: 0,
  parallel_view_processing: 0,
  max_insert_threads: 1,
  max_threads: 1,
  exclude_materialize_skip_indexes_on_insert: "i_kv,i_text",
};

/**
 * What a skip index leaves out is known before anything is read. Left to the engine, an index is read granule by granule with the data, which
 * costs twice the time where one id is looked for in every part.
 */
export const readSettings: EngineSettings = {
  ...common,
  max_threads: 2,
  use_skip_indexes_on_data_read: 0,
  result_overflow_mode: "throw",
  max_result_rows: storageLimits.resultRowsMax,
  http_max_tries: 1,
};

/** `SET a = 1, b = 'x'` of our own constants. */
export function setStatement(settings: EngineSettings): string {
  const pairs = Object.entries(settings).map(([name, value]) =>
    typeof value === "number" ? `${name} = ${value}` : `${name} = '${value}'`,
  );
  return `SET ${pairs.join(", ")}`;
}
