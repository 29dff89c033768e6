import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The script of deploy/vcs, as somebody would install it. */
export const changeScript: string = fileURLToPath(
  new URL("../../deploy/vcs/custody-change.sh", import.meta.url),
);

/** Whether this machine has what the script needs. */
export const gitAndCurlAreInstalled: boolean = ((): boolean => {
  try {
    for (const program of ["git", "curl"])
      execFileSync(program, ["--version"], { stdio: "ignore" });
    return existsSync("/bin/sh");
  } catch {
    return false;
  }
})();

/** Nobody's own settings reach the repositories of tests. */
export const gitEnv: Readonly<Record<string, string>> = {
  PATH: process.env["PATH"] ?? "",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
};

const run = promisify(execFile);

/** A real repository in a folder. */
export interface Repository {
  readonly folder: string;
  git(...words: readonly string[]): Promise<string>;
  /** Writes files and commits them; answers the revision. */
  commit(files: Readonly<Record<string, string>>, message: string): Promise<string>;
}

export async function createRepository(
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Repository> {
  mkdirSync(folder, { recursive: true });
  const git = async (...words: readonly string[]): Promise<string> => {
    const { stdout } = await run("git", [...words], { cwd: folder, env: { ...gitEnv, ...env } });
    return stdout.trim();
  };
  await git("init", "--quiet", "--initial-branch=main");
  return {
    folder,
    git,
    async commit(files, message) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      await git("add", "--all");
      await git("commit", "--quiet", "--cleanup=verbatim", "--message", message);
      return git("rev-parse", "HEAD");
    },
  };
}

/** Runs the script by hand, as CI does; answers what it said on stderr. */
export async function reportChange(
  folder: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const { stderr } = await run("/bin/sh", [changeScript, ...words], {
    cwd: folder,
    env: { ...gitEnv, ...env },
  });
  return stderr;
}
