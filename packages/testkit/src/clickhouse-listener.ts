import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** Plain JavaScript that runs by path, the same from `src` and from `dist`. */
const script = fileURLToPath(new URL("../src/clickhouse/listener.mjs", import.meta.url));

const readyMsMax = 20_000;
const pollMs = 50;

export interface ClickHouseListenerOptions {
  /** Its data folder: no other process may hold it. */
  readonly dir: string;
  /** Also listens for the native protocol, as `remote()` and Distributed need. */
  readonly tcp?: boolean;
  /** Ends by itself after this long, should nobody stop it. */
  readonly secondsMax?: number;
  /** A ClickHouse configuration file. */
  readonly config?: string;
  /** Fixed ports, to start again where a server has been. */
  readonly httpPort?: number;
  readonly tcpPort?: number;
}

export interface ClickHouseListener {
  readonly url: string;
  readonly httpPort: number;
  readonly tcpPort: number | undefined;
  /** Ends it as a crash would; there is no gentler way. */
  stop(): Promise<void>;
}

/** Starts a genuine ClickHouse server in a process of its own and waits until it answers. The caller stops it. */
export async function startClickHouseListener(
  options: ClickHouseListenerOptions,
): Promise<ClickHouseListener> {
  mkdirSync(options.dir, { recursive: true });
  const httpPort = options.httpPort ?? (await freePort());
  const tcpPort = options.tcpPort ?? (options.tcp ? await freePort() : undefined);
  const seconds = options.secondsMax ?? 300;
  const child = spawn(
    process.execPath,
    [script, options.dir, `${httpPort}`, `${tcpPort ?? 0}`, `${seconds}`, options.config ?? ""],
    { stdio: ["ignore", "ignore", "pipe"], cwd: options.dir },
  );
  let complaint = "";
  child.stderr.on("data", (text: Buffer) => {
    complaint = `${complaint}${text.toString("utf8")}`.slice(-2_000);
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async (): Promise<void> => {
    process.removeListener("exit", kill);
    kill();
    await ended;
  };
  const url = `http://127.0.0.1:${httpPort}`;
  if (!(await answers(url, child))) {
    await stop();
    throw new Error(`the ClickHouse listener did not answer: ${complaint}`);
  }
  return { url, httpPort, tcpPort, stop };
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  const deadline = performance.now() + readyMsMax;
  while (performance.now() < deadline && child.exitCode === null) {
    // One question after the other, until the server has begun to listen.
    const ok = await fetch(`${url}/ping`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return true;
    await wait(pollMs);
  }
  return false;
}

/** A port nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") {
    throw new Error("the system gave no port");
  }
  return address.port;
}
