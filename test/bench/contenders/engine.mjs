import { Session } from "chdb";
import { answerQuestions, createUsage } from "./questions.mjs";

/**
 * What the engine alone can do: `INSERT SELECT` of the rows that Custody stored, typed already, in the order they came, into tables with
 * the same columns, indexes, fsync and merges. Nothing else runs. Twice: into parts of the size of Custody's batch files, so that the
 * merges are the same, and in one statement, which leaves the engine nothing to merge.
 */
const tables = /** @type {const} */ ([
  ["records", "leaf"],
  ["content", "(leaf, path)"],
  ["claims", "leaf"],
]);
const usage = createUsage();
let session;

/** The caps and the writer's settings of `packages/storage` (settings.ts, limits.ts). */
const caps = [
  "--max_server_memory_usage=1000000000",
  "--mark_cache_size=67108864",
  "--primary_index_cache_size=67108864",
  "--index_mark_cache_size=67108864",
];
const writer = `SET async_insert = 0, insert_deduplicate = 0, max_insert_threads = 1, max_threads = 1,
  exclude_materialize_skip_indexes_on_insert = 'i_kv,i_text'`;

async function rows(sql) {
  const text = (await session.queryAsync(sql, { format: "JSONEachRow" })).text();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

const run = (sql) => session.queryAsync(sql, { format: "Null" });

async function open({ dir }) {
  session = new Session(dir, { connectionArgs: caps });
  await run("USE custody");
  await run(writer);
  // What Custody stored may go on merging in the baseline's time.
  for (const [table] of [...tables, ["sessions"]]) await run(`SYSTEM STOP MERGES custody.${table}`);
  for (const [table, order] of tables) {
    await run(
      `CREATE TABLE staged_${table} ENGINE = MergeTree ORDER BY ${order} AS SELECT * FROM ${table}`,
    );
  }
  const [{ version }] = await rows("SELECT version() AS version");
  return { version };
}

/** @param {{ name: string, files: number | undefined }} input `files`: how many parts the rows shall come in; undefined: as few as the engine likes */
async function insert({ name, files }) {
  const sizes = {};
  for (const [table] of [...tables, ["sessions"]]) {
    await run(`CREATE TABLE ${name}_${table} AS ${table}`);
    const [{ count }] = await rows(`SELECT toUInt32(count()) AS count FROM ${table}`);
    sizes[table] = count;
  }
  usage.mark();
  const started = performance.now();
  for (const [table] of tables) {
    const size = files === undefined ? undefined : Math.ceil(sizes[table] / files);
    const blocks =
      size === undefined
        ? ""
        : `SETTINGS max_block_size = ${size}, min_insert_block_size_rows = ${size}, min_insert_block_size_bytes = 0`;
    await run(`INSERT INTO ${name}_${table} SELECT * FROM staged_${table} ${blocks}`);
  }
  await run(`INSERT INTO ${name}_sessions SELECT * FROM sessions`);
  const tookMs = performance.now() - started;
  const [{ inserted }] = await rows(
    `SELECT toUInt32(max(max_block_number)) AS inserted FROM system.parts WHERE database = 'custody' AND table = '${name}_records'`,
  );
  return { tookMs, rows: sizes.records, parts: inserted, ...usage.read() };
}

const sizes = `SELECT table, toUInt64(sum(bytes_on_disk)) AS bytes, toUInt64(sum(secondary_indices_compressed_bytes)) AS indexes
  FROM system.parts WHERE active AND database = 'custody' AND table IN ('records', 'content', 'claims', 'sessions') GROUP BY table ORDER BY table`;
const texts = `SELECT toUInt64(sum(data_compressed_bytes)) AS bytes
  FROM system.data_skipping_indices WHERE database = 'custody' AND table IN ('records', 'content') AND name IN ('i_kv', 'i_text')`;

/** Bytes of Custody's own tables: as the run left them, and when everything is merged. */
async function disk() {
  const read = async () => {
    const perTable = await rows(sizes);
    const [{ bytes: textIndex }] = await rows(texts);
    const all = perTable.reduce((sum, { bytes }) => sum + Number(bytes), 0);
    return { all, textIndex: Number(textIndex), tables: perTable };
  };
  const left = await read();
  for (const table of ["records", "content", "claims", "sessions"]) {
    await run(`SYSTEM START MERGES custody.${table}`);
    await run(`OPTIMIZE TABLE ${table} FINAL`);
  }
  return { left, merged: await read() };
}

answerQuestions({
  open,
  insert,
  disk,
  close() {
    const last = usage.read();
    session.close();
    return last;
  },
});
