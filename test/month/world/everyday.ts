import type { Chance } from "./chance.ts";
import type { Script } from "./script.ts";

type Task = (script: Script) => void;

const modules = "cart invoice session router parser index retry theme export audit".split(" ");
const prompts = [
  "The totals on the invoice are off by one cent. Find out why and fix it.",
  "Add a test for the retry logic.",
  "Explain how the router picks a handler.",
  "Upgrade the parser to the new grammar.",
  "Why is the build slow? Suggest something.",
  "Rename fetchAll to fetchPages everywhere.",
  "Write the release notes of this sprint.",
];

const file = (chance: Chance): string =>
  `src/${chance.pick(modules)}/${chance.pick(modules)}-${chance.hex(3)}.ts`;

function look({ chance, ...script }: Script): void {
  script.shell(`rg -n ${chance.pick(modules)} src`, { output: "src/cart/total.ts:14: cart" });
  const path = file(chance);
  script.read(path, { output: "export const total = 1;\n" });
  if (chance.chance(0.5)) script.shell("git status --short", { output: " M src/cart/total.ts\n" });
}

function change({ chance, ...script }: Script): void {
  const path = file(chance);
  script.read(path, { output: "const cents = 0.1 + 0.2;\n" });
  script.edit(path, `const cents = ${chance.whole(10, 99)};`);
  const failed = chance.chance(0.3);
  script.shell("npm test --silent", {
    exit: failed ? 1 : 0,
    ms: 8_000,
    output: failed ? "1 failing: expected 30 to equal 31" : "42 passing",
  });
  if (failed) {
    script.edit(path, `const cents = ${chance.whole(10, 99)}; // rounded`);
    script.shell("npm test --silent", { ms: 8_000, output: "42 passing" });
  }
}

/** What the lock file says, asked once for the session. A pipeline's image has it already. */
function install(script: Script): void {
  if (script.seat.headless) return;
  const call = script.shell("npm ci", {
    ask: "user-session",
    ms: 14_000,
    output: "added 412 packages",
  });
  for (let flows = script.chance.whole(1, 3); flows > 0; flows--) {
    script.flow({ host: "registry.npmjs.org", at: call.startAt + flows * 900 }, call);
  }
}

function commit(script: Script): void {
  const { chance, seat } = script;
  script.shell(`git add -A && git commit -qm "fix ${chance.pick(modules)}"`);
  if (seat.headless || chance.chance(0.4)) return;
  const push = script.shell(`git push origin HEAD:${seat.person.split(".")[0] ?? "x"}/fix`, {
    ask: "user",
    ms: 2_500,
  });
  script.flow({ host: "github.com", bytesOut: 9_000 }, push);
  if (chance.chance(0.7)) script.merge({});
}

function readDocs(script: Script): void {
  if (script.seat.headless) return;
  const host = script.chance.pick(["docs.python.org", "nodejs.org", "developer.mozilla.org"]);
  const url = `https://${host}/api/${script.chance.pick(modules)}`;
  const call = script.fetch(url, { ms: 900, output: "The method returns a promise." });
  script.flow({ host, path: new URL(url).pathname, method: "GET", protocol: "https" }, call);
}

function askTracker(script: Script): void {
  const id = script.chance.whole(100, 999);
  script.session.servers.push("tracker");
  script.mcp("tracker", "get_issue", { id }, { output: `Issue ${id}: totals are wrong` });
}

/** A long build that fails, is tried again, and is then left. */
function stubborn(script: Script): void {
  for (let tries = script.chance.whole(2, 4); tries > 0; tries--) {
    script.shell("make integration", { exit: 2, ms: 20_000, output: "connection refused" });
    script.wait(script.chance.whole(5_000, 40_000));
  }
}

/** What is handed to somebody else's conversation, and comes back. */
function callApi(script: Script): void {
  const call = script.shell(
    "curl -sS https://artifacts.corp.example/api/storage/npm/cart | jq .version",
    { output: '"2.1.0"' },
  );
  script.flow({ host: "artifacts.corp.example", path: "/api/storage/npm/cart" }, call);
}

const tasks: readonly (readonly [Task, number])[] = [
  [look, 30],
  [change, 34],
  [install, 7],
  [commit, 12],
  [readDocs, 6],
  [askTracker, 6],
  [stubborn, 3],
  [callApi, 4],
];
const weights = tasks.reduce((sum, [, weight]) => sum + weight, 0);

function someTask(script: Script): void {
  let left = script.chance.next() * weights;
  for (const [task, weight] of tasks) {
    left -= weight;
    if (left < 0) {
      task(script);
      return;
    }
  }
}

/** An ordinary stretch of work: prompts of a person, and what the agent does about each. */
export function ordinaryWork(script: Script, turns: number): void {
  for (let turn = 0; turn < turns; turn++) {
    script.turn(script.chance.pick(prompts));
    for (let some = script.chance.whole(1, 4); some > 0; some--) someTask(script);
    script.wait(script.chance.whole(20_000, 600_000));
  }
}
