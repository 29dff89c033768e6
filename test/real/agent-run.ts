import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Place, RealAgent, Target, Transport } from "./agents.ts";
import { createModelServer, type ModelServer } from "./model/server.ts";

/** No script here takes an agent as long. */
const runMsMax = 120_000;
const saidMax = 4_000;

/** What src/app.js of every workspace says at first. */
export const original = "exports.add = (a, b) => a - b;\n";

/** A real agent that has ended, and the model's own account of it. */
export interface AgentRun {
  readonly code: number | null;
  /** The last of what it printed, for when something is wrong. */
  readonly said: string;
  readonly model: Pick<ModelServer, "exchanges" | "toldBack">;
}

/** Lets a real agent work in a git workspace and a home of its own, with nothing of this account's environment but the path to programs. */
export async function runRealAgent(
  agent: RealAgent,
  program: string,
  target: Target,
  transport: Transport,
): Promise<AgentRun> {
  const folder = mkdtempSync(join(tmpdir(), "custody-real-"));
  const place = { home: join(folder, "home"), workspace: join(folder, "workspace") };
  const model = await createModelServer(agent.script({ ...place, modelUrl: "" }));
  try {
    const where = { ...place, modelUrl: model.url };
    makeWorkspace(where);
    const { code, said } = await ended(agent, program, where, target, transport);
    return { code, said, model };
  } finally {
    await model.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function makeWorkspace({ home, workspace }: Place): void {
  mkdirSync(home, { recursive: true });
  write(join(workspace, "README.md"), "# A workspace\n");
  write(join(workspace, "src/app.js"), original);
  const env = { HOME: home, PATH: process.env["PATH"], GIT_CONFIG_NOSYSTEM: "1" };
  const who = ["-c", "user.name=Dev", "-c", "user.email=dev@example.com"];
  for (const args of [
    ["init", "-q"],
    ["add", "-A"],
    ["commit", "-qm", "start"],
  ]) {
    execFileSync("git", [...who, ...args], { cwd: workspace, env });
  }
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

async function ended(
  agent: RealAgent,
  program: string,
  place: Place,
  target: Target,
  transport: Transport,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const { args, env, files } = agent.launch(place, target, transport);
  for (const [path, content] of Object.entries(files)) write(path, content);
  const child = spawn(process.execPath, [program, ...args], {
    cwd: place.workspace,
    env: { PATH: process.env["PATH"], HOME: place.home, LANG: "C.UTF-8", TERM: "dumb", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that what it started ends with it.
    detached: true,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-saidMax);
    });
  }
  const late = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), runMsMax);
  await once(child, "close");
  clearTimeout(late);
  return { code: child.exitCode, said };
}
