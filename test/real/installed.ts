import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RealAgent } from "./agents.ts";

/** One folder an agent. Named by CUSTODY_REAL_AGENTS, so that nothing is fetched twice; else beside what npm keeps of this checkout. */
const cache =
  process.env["CUSTODY_REAL_AGENTS"] ??
  fileURLToPath(new URL("../../node_modules/.cache/custody-real-agents", import.meta.url));
const installMsMax = 600_000;

/** The agent's program, or in words why it is not there. */
export type Installed =
  | { readonly outcome: "there"; readonly program: string }
  | { readonly outcome: "absent"; readonly reason: string };

/** The agent at exactly its version: as it lies in the folder, or from the registry. */
export function installed(agent: RealAgent): Installed {
  const folder = join(cache, agent.folder);
  const home = join(folder, "node_modules", agent.package);
  const program = join(home, agent.program);
  if (versionIn(home) !== agent.version) {
    const reason = fetched(agent, folder);
    if (reason !== undefined) return { outcome: "absent", reason };
  }
  if (versionIn(home) === agent.version && existsSync(program))
    return { outcome: "there", program };
  return { outcome: "absent", reason: `npm left no ${agent.package}@${agent.version} behind` };
}

function versionIn(home: string): string | undefined {
  try {
    const read = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as {
      readonly version: string;
    };
    return read.version;
  } catch {
    return undefined;
  }
}

/** Fetches it into its folder without running any script of it; answers why that failed. */
function fetched(agent: RealAgent, folder: string): string | undefined {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const wanted = `${agent.package}@${agent.version}`;
  const flags = [
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-package-lock",
    "--loglevel=error",
  ];
  const { status, stderr, error } = spawnSync("npm", ["install", ...flags, wanted], {
    cwd: folder,
    encoding: "utf8",
    timeout: installMsMax,
  });
  if (status === 0) return undefined;
  // Null where npm could not even be started, whatever the type says.
  const said = String(stderr)
    .split("\n")
    .find((line) => /npm (ERR!|error)/.test(line));
  return `npm could not install ${wanted}: ${error?.message ?? said ?? `exit code ${status}`}`;
}
