import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** How an agent gets the one import; `none` is the agent as its author wrote it. */
export type ImportWay = "none" | "first line" | "--import";

export interface AgentRun {
  /** A file of test/fixtures/agents. */
  readonly agent: string;
  readonly way: ImportWay;
  readonly modelUrl: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Puts the agent into a dependency of the main file, which cannot resolve `openai` itself. */
  readonly nested?: boolean;
  /** Sends this signal once the agent has printed something. */
  readonly signal?: NodeJS.Signals;
}

export interface AgentEnd {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly durationMs: number;
}

const firstLines: Readonly<Record<string, string>> = {
  ".mjs": 'import "@custody/instrumentation/register";\n',
  ".cjs": 'require("@custody/instrumentation/register");\n',
};

/** Runs an example agent as a process of its own, in a folder of its own outside this repository. */
export async function runAgent(run: AgentRun): Promise<AgentEnd> {
  const folder = mkdtempSync(join(tmpdir(), "custody-agent-"));
  try {
    const source = readFileSync(join(root, "test/fixtures/agents", run.agent), "utf8");
    const line = run.way === "first line" ? (firstLines[extname(run.agent)] ?? "") : "";
    if (run.nested === true) {
      link(folder, "@custody/instrumentation");
      link(join(folder, "inner"), "openai");
      writeFileSync(join(folder, "inner", run.agent), source);
      writeFileSync(join(folder, run.agent), `${line}import "./inner/${run.agent}";\n`);
    } else {
      symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
      writeFileSync(join(folder, run.agent), `${line}${source}`);
    }
    return await spawnAgent(run, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gives the code in `folder` one package of this repository, and no other. */
function link(folder: string, name: string): void {
  const at = join(folder, "node_modules", name);
  mkdirSync(join(at, ".."), { recursive: true });
  symlinkSync(join(root, "node_modules", name), at);
}

function spawnAgent(run: AgentRun, folder: string): Promise<AgentEnd> {
  const preload = run.way === "--import" ? ["--import", "@custody/instrumentation/register"] : [];
  const args = [...preload, run.agent, ...(run.args ?? [])];
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      OPENAI_BASE_URL: run.modelUrl,
      OPENAI_API_KEY: "fake-key",
      CUSTODY_AGENT_NAME: "example",
      ...run.env,
    },
  });
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (text: Buffer) => {
    stderr += text.toString("utf8");
  });
  child.stdout.on("data", (text: Buffer) => {
    if (stdout === "" && run.signal !== undefined) child.kill(run.signal);
    stdout += text.toString("utf8");
  });
  return new Promise((ended, failed) => {
    child.on("error", failed);
    child.on("close", (exitCode, signal) => {
      const durationMs = performance.now() - startedMs;
      ended({ stdout, stderr, exitCode, signal, durationMs });
    });
  });
}
