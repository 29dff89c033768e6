import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../packages/cli/bin/custody.js", import.meta.url));

interface Ready {
  readonly ready: true;
  readonly otlp_http: string;
  readonly otlp_grpc: string | null;
  readonly api: string;
  readonly data: string;
  readonly admin_key_file: string;
}

/** A real `custody up` on its own data folder and free ports. */
export interface CustodyProcess {
  readonly otlp: string;
  /** OTLP over gRPC. */
  readonly grpc: string;
  readonly api: string;
  readonly data: string;
  readonly adminKey: string;
  readonly pid: number;
  /** GET of the query API with the admin key. */
  get(path: string): Promise<unknown>;
  /** POST to the query API with the admin key. */
  post(path: string, body: unknown): Promise<unknown>;
  /** A key of a kind, made by the administrator. */
  key(kind: string, subject: string, observes?: string): Promise<string>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
  stdout(): string;
  stderr(): string;
}

export function temporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `custody-${name}-`));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

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
      "--grpc-port",
      "0",
      "--api-port",
      "0",
      "--json",
      ...(options.args ?? []),
    ],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...options.env } },
  );
  running.add(child);
  child.once("exit", () => running.delete(child));
  // Read to the end, or a full pipe would stop the process.
  const stdout = kept(child.stdout);
  const stderr = kept(child.stderr);
  const ready = await readyLine(child, stdout, stderr);
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
    grpc: ready.otlp_grpc ?? "",
    api: ready.api,
    data,
    adminKey,
    pid: child.pid ?? 0,
    get: (path) => api("GET", path),
    post: (path, body) => api("POST", path, body),
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
    stdout,
    stderr,
  };
}

const saidMax = 65_536;

/** The last of what a stream said. */
function kept(stream: Readable): () => string {
  let said = "";
  stream.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-saidMax);
  });
  return () => said;
}

async function readyLine(
  child: ChildProcess,
  stdout: () => string,
  stderr: () => string,
): Promise<Ready> {
  await Promise.race([
    once(child, "exit"),
    eventually(async () => (stdout().includes("\n") ? true : undefined), "custody up is ready"),
  ]);
  const [line = ""] = stdout().split("\n");
  if (line === "") throw new Error(`custody up ended before it was ready: ${stderr()}`);
  return JSON.parse(line) as Ready;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
  return child.exitCode;
}

/** No command that ends by itself takes as long. */
const commandMsMax = 300_000;

/** Runs a custody command to its end. */
export async function custody(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [bin, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    timeout: commandMsMax,
    killSignal: "SIGKILL",
  });
  const stdout = kept(child.stdout);
  const stderr = kept(child.stderr);
  await once(child, "close");
  return { code: child.exitCode, stdout: stdout(), stderr: stderr() };
}

/** Long enough for a machine that does much else; what never comes is said at last. */
const patienceMs = 300_000;

/** Asks again until `probe` answers something, at most `timeoutMs`. */
export async function eventually<T>(
  probe: () => Promise<T | undefined>,
  what: string,
  timeoutMs = patienceMs,
): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (Date.now() > until) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
