import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../packages/cli/bin/custody.js", import.meta.url));

interface Ready {
  readonly ready: true;
  readonly otlp_http: string;
  readonly api: string;
  readonly data: string;
  readonly admin_key_file: string;
}

/** A real `custody up` on its own data folder and free ports. */
export interface CustodyProcess {
  readonly otlp: string;
  readonly api: string;
  readonly data: string;
  readonly adminKey: string;
  readonly pid: number;
  /** GET of the query API with the admin key. */
  get(path: string): Promise<unknown>;
  /** A key of a kind, made by the administrator. */
  key(kind: string, subject: string, observes?: string): Promise<string>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
  stderr(): string;
}

export function temporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `custody-${name}-`));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Starts it and waits for its ready line. Every child is killed when the test process ends. */
export async function startCustody(
  data: string,
  options: {
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<CustodyProcess> {
  const child = spawn(
    process.execPath,
    [
      bin,
      "up",
      "--data",
      data,
      "--otlp-port",
      "0",
      "--api-port",
      "0",
      "--json",
      ...(options.args ?? []),
    ],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...options.env } },
  );
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-65_536);
  });
  const ready = await readyLine(child, () => said);
  const adminKey = readFileSync(ready.admin_key_file, "utf8").trim();
  const api = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${ready.api}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminKey}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
  return {
    otlp: ready.otlp_http,
    api: ready.api,
    data,
    adminKey,
    pid: child.pid ?? 0,
    get: (path) => api("GET", path),
    async key(kind, subject, observes) {
      const made = (await api("POST", "/v1/keys", {
        kind,
        subject,
        ...(observes === undefined ? {} : { observes }),
      })) as { key: string };
      return made.key;
    },
    stop: () => end(child, "SIGTERM"),
    async kill() {
      await end(child, "SIGKILL");
    },
    stderr: () => said,
  };
}

async function readyLine(child: ChildProcess, said: () => string): Promise<Ready> {
  if (child.stdout === null) throw new Error("no output to read");
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const value = JSON.parse(line) as { ready?: boolean };
    if (value.ready === true) return value as Ready;
  }
  throw new Error(`custody up ended before it was ready: ${said()}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
  return child.exitCode;
}

/** Runs a custody command to its end. */
export async function custody(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [bin, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  await once(child, "close");
  return { code: child.exitCode, stdout, stderr };
}

/** Asks again until `probe` answers something, at most `timeoutMs`. */
export async function eventually<T>(
  probe: () => Promise<T | undefined>,
  what: string,
  timeoutMs = 20_000,
): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (Date.now() > until) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
