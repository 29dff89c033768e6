import { rmSync } from "node:fs";
import { join } from "node:path";
import { startContender } from "./contender.mjs";
import { send } from "./load.mjs";

/**
 * What all contenders of a round are given.
 *
 * @typedef {object} Load
 * @property {"traces" | "logs"} signal
 * @property {readonly Buffer[]} warmup
 * @property {readonly Buffer[]} bodies
 * @property {number} items in `bodies`
 * @property {number} connections
 */

/**
 * One round: every contender once, one after another, so that a machine that is slow now is slow for all of them. The obvious pipeline
 * goes first and last in turn.
 *
 * @param {string} folder
 * @param {Load} load
 * @param {{ readonly only: ReadonlySet<string>, readonly naiveFirst: boolean, readonly disk: boolean }} plan
 */
export async function runRound(folder, load, { only, naiveFirst, disk }) {
  const naive = () => (only.has("naive") ? runNaive(join(folder, "naive"), load) : undefined);
  const first = naiveFirst ? await naive() : undefined;
  const custody = await runCustody(folder, load);
  const engine = only.has("engine") ? await runEngine(folder, custody, disk) : undefined;
  const journal = only.has("journal") ? await runJournal(folder, custody) : undefined;
  const last = naiveFirst ? undefined : await naive();
  rmSync(folder, { recursive: true, force: true });
  return { custody, engine, journal, naive: first ?? last };
}

/**
 * @param {string} folder
 * @param {Load} load
 * @param {readonly string[]} [nodeArgs]
 */
export async function runCustody(folder, load, nodeArgs = []) {
  const input = { data: join(folder, "data"), keep: join(folder, "keep") };
  const child = await startContender("custody", input, nodeArgs);
  const target = { url: `${child.ready.url}/v1/${load.signal}`, key: child.ready.key };
  const connections = load.connections;
  await send({ ...target, bodies: load.warmup, connections });
  await child.ask("drained");
  const { size: from } = await child.ask("mark");
  const sent = await send({ ...target, bodies: load.bodies, connections });
  const { storedAt, size, lags, statements, ...used } = await child.ask("drained");
  const end = await child.close();
  if (end.rows < size) throw new Error(`${size} leaves were acknowledged, ${end.rows} are stored`);
  return {
    ...used,
    from,
    rows: size - from,
    allRows: end.rows,
    ledgerBytes: end.ledgerBytes,
    rssPeakBytes: end.rssPeakBytes,
    acknowledgedMs: sent.tookMs,
    queryableMs: Math.max(sent.tookMs, storedAt - sent.startedAt),
    latenciesMs: sent.latenciesMs,
    refused: sent.refused,
    lags,
    statements,
  };
}

async function runEngine(folder, custody, disk) {
  const child = await startContender("engine", { dir: join(folder, "data", "store") });
  const statements = Math.round((custody.statements * custody.allRows) / custody.rows);
  const alike = await child.ask("insert", { name: "alike", files: Math.max(1, statements) });
  const bulk = await child.ask("insert", { name: "bulk", files: undefined });
  const sizes = disk ? await child.ask("disk") : undefined;
  await child.close();
  return { version: child.ready.version, alike, bulk, sizes };
}

async function runJournal(folder, custody) {
  const child = await startContender("journal", { dir: join(folder, "journal-store") });
  const done = await child.ask("insert", { keep: join(folder, "keep"), from: custody.from });
  await child.close();
  return done;
}

async function runNaive(dir, load) {
  const child = await startContender("naive", { dir });
  const url = `${child.ready.url}/v1/${load.signal}`;
  await send({ url, bodies: load.warmup, connections: load.connections });
  await child.ask("mark");
  const sent = await send({ url, bodies: load.bodies, connections: load.connections });
  const used = await child.ask("drained");
  const end = await child.close();
  return { ...used, ...end, queryableMs: sent.tookMs, latenciesMs: sent.latenciesMs };
}
