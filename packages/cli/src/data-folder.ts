import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Stop } from "./exit-code.ts";

/** `--data`, else CUSTODY_DATA, else `${XDG_STATE_HOME:-~/.local/state}/custody`. */
export function dataFolder(flag: string | undefined, env: NodeJS.ProcessEnv): string {
  const state = env["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state");
  return resolve(flag ?? env["CUSTODY_DATA"] ?? join(state, "custody"));
}

/** Evidence inside a repository that an agent works in could be edited by that agent: refused unless asked for. */
export function checkNotInWorkTree(folder: string, allowed: boolean): void {
  if (allowed) return;
  let at = existing(folder);
  for (;;) {
    if (existsSync(join(at, ".git"))) {
      throw new Stop(
        "usage",
        `the data folder ${folder} lies inside the git work tree ${at}, where an agent could write; choose another with --data, or insist with --allow-workspace-data`,
      );
    }
    const parent = dirname(at);
    if (parent === at) return;
    at = parent;
  }
}

/** The nearest ancestor that exists, links resolved. */
function existing(folder: string): string {
  let at = folder;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return realpathSync(at);
}
