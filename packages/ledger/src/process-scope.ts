import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { reasonOf } from "./errors.ts";

/** When a process began, in whatever form the system has it; undefined where there is no such process. A pid alone is reused. */
export async function processStart(pid: number): Promise<string | undefined> {
  if (!isRunning(pid)) return undefined;
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces and parentheses: fields are counted after the last one. Field 22 is the start.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie holds nothing: its parent has not looked yet.
    return fields[0] === "Z" ? undefined : fields[19];
  } catch (error) {
    return reasonOf(error) === "ENOENT" ? startFromPs(pid) : "unknown";
  }
}

/** Systems without /proc. */
async function startFromPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", "lstart=", "-p", String(pid)]);
    return stdout.trim() || undefined;
  } catch {
    // `ps` ends with 1 where there is no such process.
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, and is somebody else's.
    return reasonOf(error) === "EPERM";
  }
}
