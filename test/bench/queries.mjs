import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { questions } from "./query-list.mjs";
import { fillStore } from "./query-store.mjs";
import { call, serve } from "./served.mjs";

const help = `Usage: node test/bench/queries.mjs [options]

What reading costs over HTTP at a size: dossier, timeline, trace, lists, search, investigate; the median of many different targets each.
Needs a build (npx tsc --build packages/cli). Filling takes two minutes a million records on two idle cores.

  --records N     records in the store (default 1000000)
  --templates N   of them that come in by the doors; the others are copies with other ids, sessions and hours (default 40000)
  --times N       different targets of each question (default 40)
  --data DIR      keep the store in this folder, and use it again if it is there
  --seed N        of the generator (default 1)
  --help

Example: node test/bench/queries.mjs --records 5000000 --data /var/tmp/custody-5m
`;

const { values } = parseArgs({
  options: {
    records: { type: "string", default: "1000000" },
    templates: { type: "string", default: "40000" },
    times: { type: "string", default: "40" },
    seed: { type: "string", default: "1" },
    data: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}

const say = (line) => process.stdout.write(`${line}\n`);
const folder = values.data ?? mkdtempSync(join(tmpdir(), "custody-queries-"));
if (values.data === undefined) {
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
}
process.once("SIGINT", () => process.exit(130));

await fillStore({
  data: folder,
  records: Number(values.records),
  templates: Number(values.templates),
  seed: Number(values.seed),
  say,
});
// A start looks again at a week of sessions; what is measured is a server that has done so.
const served = await serve(folder, { jobs: false });
const get = async (path) => JSON.parse(await call(`${served.api}${path}`, served));
const times = Number(values.times);

say("");
say("| question | median | 90 % | largest | rows |");
say("|---|---|---|---|---|");
for (const { name, targets } of questions) {
  const paths = await targets(get, times);
  // The first asks for what no cache has, and is no question of the table.
  if (paths[0] !== undefined) await get(paths[0]);
  const took = [];
  let rows = 0;
  for (const path of paths.slice(1)) {
    const started = performance.now();
    const answer = await get(path);
    took.push(performance.now() - started);
    rows += rowsOf(answer);
  }
  took.sort((one, other) => one - other);
  const at = (share) =>
    `${(took[Math.floor((took.length - 1) * share)] ?? Number.NaN).toFixed(0)} ms`;
  say(`| ${name} | ${at(0.5)} | ${at(0.9)} | ${at(1)} | ${(rows / took.length).toFixed(0)} |`);
}
await served.stop();
say("");
say(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} x ${cpus()[0]?.model.trim()} (load average ${loadavg()[0]?.toFixed(1)}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`,
);
process.exit(0);

function rowsOf(answer) {
  for (const name of ["items", "actions", "record_ids", "spans"]) {
    if (Array.isArray(answer[name])) return answer[name].length;
  }
  return 1;
}
