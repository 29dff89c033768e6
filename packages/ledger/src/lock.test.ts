import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireFolder } from "./lock.ts";
import { processStart } from "./process-scope.ts";
import { createHandClock, createSeededRandom } from "./workbench.test-suite.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "custody-lock-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const ports = (seed: string) => ({ clock: createHandClock(), random: createSeededRandom(seed) });
const path = (): string => join(dir, "lock");
const amend = async (members: object): Promise<void> => {
  const holder = JSON.parse(await readFile(path(), "utf8"));
  await writeFile(path(), JSON.stringify({ ...holder, ...members }));
};

test("a folder that is held answers who holds it and since when", async () => {
  const first = await acquireFolder(dir, ports("a"));
  expect(first.outcome).toBe("acquired");
  expect(await acquireFolder(dir, ports("b"))).toEqual({
    outcome: "held",
    pid: process.pid,
    since: "2026-11-23T07:00:00.000000000Z",
  });
});

test("a released folder can be taken again, and nothing is left behind", async () => {
  const first = await acquireFolder(dir, ports("a"));
  if (first.outcome === "acquired") await first.release();
  expect(await readdir(dir)).toEqual([]);
  expect((await acquireFolder(dir, ports("b"))).outcome).toBe("acquired");
});

test("the lock of a process that was killed is taken over", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const pid = child.pid ?? 0;
  await acquireFolder(dir, ports("a"));
  await amend({ pid, started: await processStart(pid) });
  expect(await acquireFolder(dir, ports("b"))).toMatchObject({ outcome: "held", pid });
  const gone = new Promise((resolve) => child.on("exit", resolve));
  child.kill("SIGKILL");
  await gone;
  expect((await acquireFolder(dir, ports("c"))).outcome).toBe("acquired");
  expect((await readdir(dir)).filter((name) => name !== "lock")).toEqual([]);
});

test("a process that reuses the holder's number is not taken for the holder", async () => {
  await acquireFolder(dir, ports("a"));
  await amend({ started: "1" });
  expect((await acquireFolder(dir, ports("b"))).outcome).toBe("acquired");
});

test("a holder in another container is alive while its lock is touched, and gone a minute after", async () => {
  await acquireFolder(dir, ports("a"));
  await amend({ scope: "another machine" });
  expect((await acquireFolder(dir, ports("b"))).outcome).toBe("held");
  const longAgo = new Date(Date.now() - 61_000);
  await utimes(path(), longAgo, longAgo);
  expect((await acquireFolder(dir, ports("c"))).outcome).toBe("acquired");
});

test("of many that try at once for a dead holder's folder exactly one gets it", async () => {
  for (let round = 0; round < 20; round++) {
    await rm(path(), { force: true });
    await acquireFolder(dir, ports(`dead ${round}`));
    await amend({ started: "1" });
    const tries = Array.from({ length: 8 }, (_, n) => acquireFolder(dir, ports(`${round}/${n}`)));
    const outcomes = (await Promise.all(tries)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === "acquired")).toHaveLength(1);
  }
});

test("a process that died while it took over is taken over in turn", async () => {
  await acquireFolder(dir, ports("a"));
  await amend({ started: "1" });
  const dead = JSON.parse(await readFile(path(), "utf8"));
  // What a process leaves that was killed between its claim and its lock.
  await writeFile(`${path()}.${dead.nonce}`, JSON.stringify({ ...dead, nonce: "n2" }));
  expect((await acquireFolder(dir, ports("b"))).outcome).toBe("acquired");
  expect(await readdir(dir)).toEqual(["lock"]);
});

test("a process has one start for as long as it runs", async () => {
  const start = await processStart(process.pid);
  expect(start).toMatch(/./);
  expect(await processStart(process.pid)).toBe(start);
  const pid = Number(execFileSync(process.execPath, ["-p", "process.pid"]));
  expect(await processStart(pid)).toBeUndefined();
});
