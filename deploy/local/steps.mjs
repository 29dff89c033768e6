// The steps that `npm start` and `npm test` share. Plain JavaScript: it must run before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const nodeWanted = [20, 19];

/** Ends the process with what to do when this Node is older than the product supports. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < nodeWanted[0] || (major === nodeWanted[0] && minor < nodeWanted[1])) {
    console.error(
      `Custody needs Node ${nodeWanted.join(".")} or newer; this is ${process.versions.node}.`,
    );
    process.exit(2);
  }
}

/** Runs a command in the checkout, its output shown; answers its exit code. */
export function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

/** npm as it was called; without npm around us, the one beside this Node. */
function npm(args) {
  const script = process.env.npm_execpath;
  return script?.endsWith(".js") || script?.endsWith(".cjs")
    ? run(process.execPath, [script, ...args])
    : run(process.platform === "win32" ? "npm.cmd" : "npm", args);
}

/** Installs exactly what the lock file says, unless that was done since it last changed. */
export function install() {
  const done = `${root}/node_modules/.package-lock.json`;
  const lock = `${root}/package-lock.json`;
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log("Installing (once; the embedded ClickHouse engine is most of it)…");
  must(npm(["ci", "--no-audit", "--no-fund"]), "npm ci failed; is the package registry reachable?");
}

/** Builds what changed. */
export function build() {
  const code = run(
    process.execPath,
    [
      "node_modules/turbo/bin/turbo",
      "run",
      "build",
      "--output-logs=errors-only",
      "--no-update-notifier",
    ],
    { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
  );
  must(code, "the build failed; the lines above say where");
}

function must(code, message) {
  if (code === 0) return;
  console.error(message);
  process.exit(code);
}
