import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { scriptedTask } from "./scenario.ts";

/** The agent's source: plain JavaScript that runs by path, the same from `src` and from `dist`. */
export const scriptedAgentPath: string = fileURLToPath(
  new URL("../../src/scripted-agent/agent.mjs", import.meta.url),
);

export interface ScriptedRun {
  readonly modelUrl: string;
  readonly workspace: string;
  /** With the session as user name: `proxy.urlFor(session)`. */
  readonly proxyUrl: string;
  readonly consoleUrl: string;
  readonly session: string;
  /** Where spans go, keys, and other settings of the instrumentation. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ScriptedResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the scripted agent as a process of its own, and waits for its end. */
export function runScriptedAgent(run: ScriptedRun): Promise<ScriptedResult> {
  const child = spawn(process.execPath, [scriptedAgentPath, run.workspace, scriptedTask], {
    cwd: run.workspace,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      HOME: run.workspace,
      OPENAI_BASE_URL: run.modelUrl,
      OPENAI_API_KEY: "fake-key",
      HTTP_PROXY: run.proxyUrl,
      APPROVAL_CONSOLE_URL: run.consoleUrl,
      OTEL_SERVICE_NAME: "scripted-agent",
      CUSTODY_SESSION_ID: run.session,
      ...run.env,
    },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text: Buffer) => {
    stdout += text.toString("utf8");
  });
  child.stderr.on("data", (text: Buffer) => {
    stderr += text.toString("utf8");
  });
  return new Promise((ended, failed) => {
    child.on("error", failed);
    child.on("close", (exitCode) => ended({ exitCode, stdout, stderr }));
  });
}
