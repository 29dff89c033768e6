import { createReadStream } from "node:fs";
import { addAbortSignal, Readable } from "node:stream";
import { type ClickHouseClient, type ClickHouseSettings, createClient } from "@clickhouse/client";
import type { Row, Statement } from "@custody/model";
import type { Engine, FeedStatement } from "../engine.ts";
import { StorageError, storageError } from "../errors.ts";
import { storageLimits } from "../limits.ts";
import { quoted } from "../literal.ts";
import { bound } from "../placeholders.ts";
import { readSettings, writeSettings } from "../settings.ts";
import { rendered, sqlText } from "../sql-files.ts";
import { batchStructure } from "../structure.ts";
import { fenced, fenceParams } from "./fence.ts";
import { statementName } from "./statement-name.ts";

export interface ServerOptions {
  /** `http://host:8123`, `https://user:password@host/database`; what stands in the URL yields to the fields below. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly database?: string;
  /** Gzip on the wire: on for a server over a network, off on loopback. */
  readonly compress?: boolean;
  /** How long an insert, or a statement without a limit of its own, waits for its answer: a connection may be dead and say nothing. */
  readonly answerTimeoutMs?: number;
}

/** A ClickHouse server or a node of a cluster by URL. Parameters are bound by the server; batch files are streamed as they are. */
export async function openServer(options: ServerOptions): Promise<Engine> {
  const place = placeOf(options);
  await createDatabase(place);
  const client = connect(place, place.database);
  const settings = writeSettings as ClickHouseSettings;
  const insertTimeoutMs = options.answerTimeoutMs ?? storageLimits.insertTimeoutMs;
  const readTimeoutMs = options.answerTimeoutMs ?? storageLimits.readTimeoutMs;
  const commanded = ({ sql, params }: Asked, timeoutMs: number): Promise<void> =>
    answered("command", timeoutMs, async (abort_signal) => {
      const query_params = bound({ sql, params });
      await client.command({
        query: sql,
        query_params,
        clickhouse_settings: settings,
        abort_signal,
      });
    });
  const rows: Engine["rows"] = (statement, signal) => {
    const timeoutMs = statement.timeoutMs ?? readTimeoutMs;
    const ask = (until: AbortSignal) => queried(client, { ...statement, timeoutMs }, until);
    return answered("query", timeoutMs, ask, signal);
  };
  const fence = {
    command: (statement: Asked) => commanded(statement, insertTimeoutMs),
    rows,
  };

  return {
    command: (statement) => commanded(statement, storageLimits.longReadTimeoutMs),
    feed: async (statement) => {
      const sql = fedSql(statement);
      const body = Readable.from(bytesOf(statement.paths), { objectMode: false });
      try {
        await answered("feed", insertTimeoutMs, async (abort_signal) => {
          const done = await client.exec({
            query: sql,
            query_id: statementName(statement.leaves),
            query_params: bound({
              sql,
              params: { ...statement.params, ...fenceParams(statement) },
            }),
            clickhouse_settings: {
              ...settings,
              wait_end_of_query: 1,
            },
            values: body,
            abort_signal,
          });
          // The answer is empty; reading it to its end frees the connection and shows late errors.
          for await (const _ of addAbortSignal(abort_signal, done.stream as Readable));
        });
      } finally {
        body.destroy();
      }
    },
    fence: (leaves) => fenced(fence, leaves),
    rows,
    close: () => client.close(),
  };
}

async function queried(
  client: ClickHouseClient,
  statement: Statement & { readonly timeoutMs: number },
  signal: AbortSignal,
): Promise<readonly Row[]> {
  const result = await client.query({
    query: statement.sql,
    query_params: bound(statement),
    format: "JSONEachRow",
    abort_signal: signal,
    clickhouse_settings: {
      ...(readSettings as ClickHouseSettings),
      max_result_rows: String(statement.rowsMax ?? storageLimits.resultRowsMax),
      max_execution_time: Math.ceil(statement.timeoutMs / 1000),
      // The server ends what nobody waits for; settings of one request never outlive it.
      cancel_http_readonly_queries_on_client_close: 1,
      readonly: "2",
    },
  });
  return result.json<Row>();
}

/** The `values` of `exec` follow the statement in the body, and `input()` reads them. */
function fedSql(statement: FeedStatement): string {
  const over = statement.sql === "direct" ? sqlText("store/insert-unfenced") : statement.sql.over;
  const batch = `input(${quoted(batchStructure)})`;
  const sql = rendered(over, { batch, unfenced: sqlText("fragments/unfenced") });
  return `${sql}\nFORMAT Native`;
}

/** Native blocks stand one after another in a body, so files do too. */
async function* bytesOf(paths: readonly string[]): AsyncGenerator<Buffer, void, undefined> {
  for (const path of paths) yield* createReadStream(path);
}

interface Place {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  readonly compress: boolean;
}

function placeOf(options: ServerOptions): Place {
  const url = parsedUrl(options.url);
  const database = options.database ?? (url.pathname.slice(1) || "custody");
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(database)) {
    throw new StorageError("STORE_PARAM", "a database name is letters, digits and underscores");
  }
  return {
    url: url.origin,
    username: options.username ?? (decodeURIComponent(url.username) || "default"),
    password: options.password ?? decodeURIComponent(url.password),
    database,
    compress: options.compress ?? !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname),
  };
}

function parsedUrl(text: string): URL {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    // The text is not shown: it may hold a password.
    throw new StorageError("STORE_PARAM", "the ClickHouse URL is not an http or https URL");
  }
  return new URL(text);
}

function connect(place: Place, database: string): ClickHouseClient {
  return createClient({
    url: place.url,
    username: place.username,
    password: place.password,
    database,
    compression: { request: place.compress, response: place.compress },
    max_open_connections: storageLimits.writersMax + storageLimits.readersMax + 2,
    request_timeout: storageLimits.longReadTimeoutMs,
    // 127 is off: the client's own log lines could carry statement text.
    log: { level: 127 },
    application: "custody",
  });
}

/** A server answers nothing for a database that is not there, so it is made through the default one. */
async function createDatabase(place: Place): Promise<void> {
  const client = connect(place, "default");
  try {
    await answered("open", storageLimits.readTimeoutMs, (abort_signal) =>
      client.command({
        query: `CREATE DATABASE IF NOT EXISTS ${place.database} ENGINE = Atomic`,
        abort_signal,
      }),
    );
  } finally {
    await client.close();
  }
}

type Asked = Pick<Statement, "sql" | "params">;

/** A connection may break without a word, so nothing is waited for without an end. */
async function answered<T>(
  doing: string,
  timeoutMs: number,
  ask: (until: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const patience = AbortSignal.timeout(timeoutMs);
  const until = signal ? AbortSignal.any([signal, patience]) : patience;
  try {
    // The driver lets go of the signal as soon as an answer has begun, and an answer may stop in its middle.
    return await Promise.race([ask(until), refusal(until)]);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (!patience.aborted) throw storageError(error, doing);
    const message = `${doing}: no answer within ${timeoutMs} ms`;
    throw new StorageError("STORE_TIMEOUT", message, { cause: error });
  }
}

function refusal(until: AbortSignal): Promise<never> {
  return new Promise((_, refuse) => {
    const refused = () => refuse(until.reason);
    if (until.aborted) refused();
    else until.addEventListener("abort", refused, { once: true });
  });
}
