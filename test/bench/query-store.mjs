import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Session } from "chdb";
import { send } from "./load.mjs";
import { ownSpanBodies } from "./own-spans.mjs";
import { createRandom, word } from "./random.mjs";
import { call, serve } from "./served.mjs";

/** Hours between two copies: the whole spreads over a month. */
const monthHours = 720;
const callsWithFlows = 1_000;
const lookEveryMs = 500;

/**
 * A data folder with about `records` records: spans of our own instrumentation and flows of a proxy come in by their doors, then what was
 * stored of them is copied by the engine, through the same views, into other sessions at other hours with other ids. The copies stand in
 * ledgers that nobody seals: this is a store to be asked, not to be verified.
 *
 * @param {{ readonly data: string, readonly records: number, readonly templates: number, readonly seed: number, readonly say: (line: string) => void }} input
 */
export async function fillStore({ data, records, templates, seed, say }) {
  if (existsSync(join(data, "store"))) return;
  const served = await serve(data);
  await send({
    url: `${served.otlp}/v1/traces`,
    bodies: ownSpanBodies({ count: templates, seed }),
    connections: 4,
  });
  await addFlows(served, seed);
  await quiet(served);
  await served.stop();
  await copy({ data, records, say });
}

/** Flows of a third of the newest calls, as a proxy tells them that knows the session. @param {import("./served.mjs").Served} served @param {number} seed */
async function addFlows({ api, otlp, key }, seed) {
  const random = createRandom(seed);
  const { key: observer } = JSON.parse(
    await call(`${api}/v1/keys`, {
      key,
      method: "POST",
      body: JSON.stringify({ kind: "observer", subject: "proxy", observes: "proxy" }),
    }),
  );
  const lines = [];
  for (let cursor = ""; lines.length < callsWithFlows && cursor !== null; ) {
    const after = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page = JSON.parse(await call(`${api}/v1/actions?limit=500${after}`, { key }));
    for (const action of page.items) {
      lines.push({
        ts: action.started_at,
        host: `${word(random)}.example.org`,
        port: 443,
        protocol: "https",
        action: random.chance(0.9) ? "allowed" : "denied",
        session: action.session,
        client: `10.0.0.${random.whole(1, 250)}`,
        bytes_out: random.whole(200, 90_000, 3),
      });
    }
    cursor = page.next;
  }
  await call(`${otlp}/v1/egress/ndjson`, {
    key: observer,
    method: "POST",
    body: lines.map((line) => JSON.stringify(line)).join("\n"),
    type: "application/x-ndjson",
  });
}

/** Everything stored and every link written: nothing was added between two looks. @param {import("./served.mjs").Served} served */
async function quiet({ otlp, key }) {
  const committed = async () => {
    const text = await call(`${otlp}/metrics`, { key });
    const read = (name) => Number(new RegExp(`^${name} (\\d+)`, "m").exec(text)?.[1]);
    return {
      committed: read("custody_records_committed_total"),
      lag: read("custody_store_lag_seconds"),
    };
  };
  for (let [last, same] = [-1, 0]; same < 6; ) {
    await wait(lookEveryMs);
    const now = await committed();
    same = now.committed === last && now.lag === 0 ? same + 1 : 0;
    last = now.committed;
  }
}

/** @param {{ readonly data: string, readonly records: number, readonly say: (line: string) => void }} input */
async function copy({ data, records, say }) {
  const session = new Session(join(data, "store"), {
    connectionArgs: ["--max_server_memory_usage=4000000000"],
  });
  const run = (sql) => session.queryAsync(sql, { format: "TSV" });
  await run("USE custody");
  await run(
    "SET async_insert = 0, max_insert_threads = 1, max_threads = 2, exclude_materialize_skip_indexes_on_insert = 'i_kv,i_text'",
  );
  await run(`CREATE TABLE bench_rows ENGINE = MergeTree ORDER BY leaf AS
    SELECT leaf, sha, id, canonical, session, trace_hex, rx, ts, at, linked_hex, id_hex,
      arrayMap(one -> (one.1, one.2), held.content) AS content
    FROM records LEFT JOIN (SELECT ledger, leaf, groupArray((path, disclosure)) AS content FROM content GROUP BY ledger, leaf) AS held USING (ledger, leaf)
    WHERE class != 'seal' AND session != ''`);
  const rows = Number((await run("SELECT count() FROM bench_rows")).text());
  const copies = Math.ceil(records / rows) - 1;
  const hours = monthHours / (copies + 1);
  for (let number = 1; number <= copies; number++) {
    await run(copyOf(number, Math.round(number * hours * 60)));
    if (number % 10 === 0 || number === copies)
      say(`  ${number} of ${copies} copies of ${rows} records`);
  }
  await run("DROP TABLE bench_rows SYNC");
  session.close();
}

/** @param {number} number @param {number} minutes */
function copyOf(number, minutes) {
  const id = (hex) => `lower(hex(MD5(concat('${number} ', ${hex}))))`;
  const time = (column) =>
    `concat(replaceOne(toString(${column} - INTERVAL ${minutes} MINUTE), ' ', 'T'), 'Z')`;
  const told = (column) => `concat(replaceOne(toString(${column}), ' ', 'T'), 'Z')`;
  const swap = (text, name, from, to) =>
    `replaceOne(${text}, concat('"${name}":"', ${from}, '"'), concat('"${name}":"', ${to}, '"'))`;
  let text = "canonical";
  text = swap(text, "id", "id_hex", id("id_hex"));
  text = swap(text, "record", "linked_hex", id("linked_hex"));
  text = swap(text, "trace", "trace_hex", id("trace_hex"));
  text = swap(text, "session", "session", `concat(session, '-${number}')`);
  text = swap(text, "rx", told("rx"), time("rx"));
  text = `if(isNull(ts), ${text}, ${swap(text, "ts", told("assumeNotNull(ts)"), time("assumeNotNull(ts)"))})`;
  return `INSERT INTO ingest (ledger, leaf, sha, id, claim, canonical, content)
    SELECT 'bench.local/copy-${number}', leaf, sha, MD5(concat('${number} ', id_hex)), MD5(concat('${number} ', id_hex)), ${text}, content
    FROM bench_rows`;
}
