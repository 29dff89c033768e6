import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { codexLogBodies } from "./codex-logs.mjs";
import { readOptions } from "./options.mjs";
import { ownSpanBodies } from "./own-spans.mjs";
import { profileLines } from "./profile.mjs";
import { diskTable, table } from "./report.mjs";
import { runCustody, runRound } from "./round.mjs";

const options = readOptions(process.argv.slice(2));
if ("say" in options) {
  process.stdout.write(options.say);
  process.exit(options.code);
}

const say = (line) => process.stdout.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), "custody-bench-"));
process.once("SIGINT", () => process.exit(130));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

const make = options.source === "own" ? ownSpanBodies : codexLogBodies;
/** @type {import("./round.mjs").Load} */
const load = {
  signal: options.source === "own" ? "traces" : "logs",
  // Other content than what is timed: what came before would be a duplicate.
  warmup: make({ count: options.warmup, seed: options.seed + 1_000_003 }),
  bodies: make({ count: options.spans, seed: options.seed }),
  items: options.spans,
  connections: options.connections,
};
const noun = options.source === "own" ? "span" : "log record";
const bytesOf = (bodies) => bodies.reduce((sum, body) => sum + body.length, 0);
const bytes = bytesOf(load.bodies);
say(
  `${options.spans} ${noun}s a round, ${(bytes / options.spans / 1_000).toFixed(2)} kB each, in ${load.bodies.length} requests over ${options.connections} connections`,
);

const rounds = [];
for (let round = 0; round < options.rounds; round++) {
  const started = performance.now();
  const plan = {
    only: options.only,
    naiveFirst: round % 2 === 1,
    disk: round === options.rounds - 1,
  };
  rounds.push(await runRound(join(folder, `round-${round}`), load, plan));
  say(
    `round ${round + 1} of ${options.rounds}: ${((performance.now() - started) / 1_000).toFixed(0)} s`,
  );
}

const last = rounds.at(-1);
say("");
say(`| median of ${options.rounds} rounds | (smallest to largest) | |`);
say("|---|---|---|");
for (const line of table(rounds, load.items, noun)) say(line);
for (const line of diskTable(last, bytes + bytesOf(load.warmup))) say(line);
say("");
say(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} x ${cpus()[0]?.model.trim()}, shared with the generator (load average ${loadavg()[0]?.toFixed(1)}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}, ClickHouse ${last?.engine?.version ?? "embedded"}`,
);

if (options.profile) {
  const profile = join(folder, "profile");
  mkdirSync(profile);
  const flags = ["--cpu-prof", `--cpu-prof-dir=${profile}`];
  await runCustody(join(folder, "profiled"), load, flags);
  say("");
  for (const line of profileLines(profile)) say(line);
}
if (options.json !== undefined)
  writeFileSync(options.json, JSON.stringify({ options, bytes, rounds }));
// By `exit`: what was opened is closed, and the folder goes with the process.
process.exit(0);
