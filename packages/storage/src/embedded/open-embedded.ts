import { mkdirSync } from "node:fs";
import { basename, dirname, isAbsolute } from "node:path";
import type { Row, Statement } from "@custody/model";
import { drainPending } from "chdb";
import type { Engine, FeedStatement } from "../engine.ts";
import { StorageError } from "../errors.ts";
import { storageLimits } from "../limits.ts";
import { quoted } from "../literal.ts";
import { inlined } from "../placeholders.ts";
import { readSettings, setStatement, writeSettings } from "../settings.ts";
import { rendered, sqlText } from "../sql-files.ts";
import { batchStructure } from "../structure.ts";
import { openSessionPool, type SessionPool } from "./session-pool.ts";
import { createStatementNames, endStatement } from "./statement-end.ts";

export interface EmbeddedOptions {
  readonly dir: string;
  readonly engineBytesMax?: number;
}

/**
 * ClickHouse in this process. Sessions of one folder share one engine; a second process on the folder is refused. Every running statement
 * holds a thread of libuv's pool: the process should start with UV_THREADPOOL_SIZE of at least 8 (performance 1.2).
 */
export function openEmbedded(options: EmbeddedOptions): Engine {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const bytes = options.engineBytesMax ?? storageLimits.engineBytesMax;
  const plan = { dir: options.dir, connectionArgs: caps(bytes) };
  const writers = openSessionPool({
    ...plan,
    count: storageLimits.writersMax,
    settings: [createDatabase, useDatabase, setStatement(writeSettings)],
  });
  const reading = (count: number, timeoutMs: number): SessionPool =>
    openSessionPool({
      ...plan,
      count,
      settings: [
        useDatabase,
        setStatement({
          ...readSettings,
          max_memory_usage: Math.floor(bytes / storageLimits.readMemoryShare),
          max_execution_time: timeoutMs / 1000,
        }),
        // Last: it cannot be undone, and it blocks every further change.
        "SET readonly = 1",
      ],
    });
  const readers = reading(storageLimits.readersMax, storageLimits.readTimeoutMs);
  const longReaders = reading(1, storageLimits.longReadTimeoutMs);
  // Neither behind the statements that it ends, nor behind inserts.
  const enders = openSessionPool({ ...plan, count: 1, settings: [useDatabase] });
  const pools = [writers, readers, longReaders, enders];
  const nameNext = createStatementNames();

  return {
    command: async (statement) => {
      await writers.run(inlined(statement), "Null");
    },
    feed: async (statement) => {
      await writers.run(fed(statement), "Null");
    },
    // A statement in this process has ended when its call has, and none outlives the process.
    fence: async () => 0,
    rows: async (statement, signal) => {
      const timeoutMs = statement.timeoutMs ?? storageLimits.readTimeoutMs;
      const pool = timeoutMs > storageLimits.readTimeoutMs ? longReaders : readers;
      const patience = AbortSignal.timeout(timeoutMs);
      const until = signal ? AbortSignal.any([signal, patience]) : patience;
      try {
        const name = nameNext();
        const text = await pool.run(
          `${name}${inlined(statement)}`,
          "JSONEachRow",
          until,
          (ended) => {
            void endStatement(enders, name, ended);
          },
        );
        return parsed(text, statement);
      } catch (error) {
        throw patience.aborted && !signal?.aborted ? late(error, timeoutMs) : error;
      }
    },
    close: async () => {
      for (const pool of pools) pool.close();
      await drainPending();
    },
  };
}

/** Waiting for a session counts, too: the caller's time is what is limited. */
function late(error: unknown, timeoutMs: number): StorageError {
  return new StorageError("STORE_TIMEOUT", `no answer within ${timeoutMs} ms`, { cause: error });
}

const createDatabase = "CREATE DATABASE IF NOT EXISTS custody ENGINE = Atomic";
const useDatabase = "USE custody";

/** The default cap is nine tenths of the machine, and the caches are 5 GiB each (performance 1.6). */
function caps(bytes: number): readonly string[] {
  return [
    `--max_server_memory_usage=${bytes}`,
    `--mark_cache_size=${storageLimits.markCacheBytesMax}`,
    `--primary_index_cache_size=${storageLimits.indexCacheBytesMax}`,
    `--index_mark_cache_size=${storageLimits.indexCacheBytesMax}`,
  ];
}

/** Only ever from files: inline data would end at its first blank line, and the rest would run as SQL (performance 1.3). */
function fed(statement: FeedStatement): string {
  const path = filePath(statement.paths);
  if (statement.sql === "direct") {
    return `${sqlText("store/insert")} FROM INFILE ${path} FORMAT Native`;
  }
  const batch = `file(${path}, 'Native', ${quoted(batchStructure)})`;
  return inlined({
    sql: rendered(statement.sql.over, { batch, unfenced: "true" }),
    params: statement.params,
  });
}

/** Paths are ours; still they go through the encoder, and what the engine would read as a pattern is refused. */
function filePath(paths: readonly string[]): string {
  const [first = ""] = paths;
  const folder = dirname(first);
  const odd = paths.some(
    (path) => !isAbsolute(path) || dirname(path) !== folder || /[*?{}[\]|,]|::|\.\./.test(path),
  );
  if (odd || paths.length === 0) {
    throw new StorageError(
      "STORE_PATH",
      "batch files need absolute paths in one folder, without patterns",
    );
  }
  const names = paths.map((path) => basename(path)).join(",");
  return quoted(paths.length === 1 ? first : `${folder}/{${names}}`);
}

function parsed(text: string, statement: Statement): readonly Row[] {
  const rows = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
  if (rows.length > (statement.rowsMax ?? storageLimits.resultRowsMax)) {
    throw new StorageError("STORE_ROWS_MAX", `more than ${statement.rowsMax} rows`);
  }
  return rows;
}
