import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";

/** Names this machine: its id where it has one, and its name. A restored image keeps the first, a renamed clone changes the second. */
export async function hostIdentity(): Promise<string> {
  return `${await firstOf([() => readFile("/etc/machine-id", "utf8")], "none")}/${hostname()}`;
}

/** Names the space in which process ids have a meaning: one boot of one machine, and one container on it. */
export async function processScope(): Promise<string> {
  const boot = await firstOf([() => readFile("/proc/sys/kernel/random/boot_id", "utf8")], "none");
  const space = await firstOf([() => readlink("/proc/self/ns/pid")], "none");
  return `${hostname()}/${boot}/${space}`;
}

async function firstOf(
  readings: readonly (() => Promise<string>)[],
  otherwise: string,
): Promise<string> {
  for (const read of readings) {
    try {
      return (await read()).trim();
    } catch {
      // Not every system has the file: the next source answers.
    }
  }
  return otherwise;
}
