import { spawn, spawnSync } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.ts";

const program = "/usr/sbin/squid";
const deployed = fileURLToPath(new URL("../../deploy/egress/squid", import.meta.url));

/** Where Debian puts it; the test says so where it is not there. */
export const squidIsInstalled: boolean = existsSync(program);

/** The configuration of deploy/egress/squid, run by a real Squid on loopback. */
export interface Squid {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** What a launcher gives the agent of a session. */
  passwordOf(session: string): string;
  /** Asks for a URL through the proxy; answers the status. */
  get(url: string, user?: string, password?: string): Promise<number>;
  /** Asks for a tunnel; answers the proxy's status. */
  connect(authority: string, user: string, password: string): Promise<number>;
  /** The access log so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Undefined where the machine does not let Squid run (it needs shared memory, and an account to change to). */
export async function startSquid(
  folder: string,
  allowed: readonly string[],
  hosts: Readonly<Record<string, string>>,
): Promise<Squid | undefined> {
  const port = await freePort();
  const at = (name: string): string => join(folder, name);
  const secret = "a secret that only the launcher of agents has";
  mkdirSync(at("log"), { recursive: true });
  // Started by root it goes on as another account.
  chmodSync(folder, 0o777);
  chmodSync(at("log"), 0o777);
  copyFileSync(join(deployed, "session-auth.mjs"), at("session-auth.mjs"));
  writeFileSync(at("secret"), secret);
  writeFileSync(at("allow.txt"), allowed.map((host) => `${host}\n`).join(""));
  writeFileSync(
    at("hosts"),
    Object.entries(hosts)
      .map(([host, address]) => `${address} ${host}\n`)
      .join(""),
  );
  writeFileSync(
    at("squid.conf"),
    `${readFileSync(join(deployed, "squid.conf"), "utf8")
      .replaceAll("/etc/squid/custody", folder)
      .replaceAll("/var/log/squid", at("log"))
      .replaceAll("/usr/bin/node", process.execPath)
      .replaceAll("127.0.0.1:3128", `127.0.0.1:${port}`)}
hosts_file ${at("hosts")}
cache_log ${at("log/cache.log")}
pid_filename ${at("squid.pid")}
coredump_dir ${folder}
`,
  );
  // A name of its own, or two would share their memory segments.
  const name = `custody${randomUUID().slice(0, 8)}`;
  const parsed = spawnSync(program, ["-n", name, "-k", "parse", "-f", at("squid.conf")]);
  if (parsed.status !== 0) throw new Error(parsed.stderr.toString());
  const child = spawn(program, ["-n", name, "-N", "-f", at("squid.conf")], { stdio: "ignore" });
  const gone = once(child, "exit");
  const ask = (options: {
    readonly method: string;
    readonly path: string;
    readonly auth?: string;
  }) =>
    new Promise<number>((done, failed) => {
      const { method, path, auth } = options;
      const headers =
        auth === undefined
          ? {}
          : { "proxy-authorization": `Basic ${Buffer.from(auth).toString("base64")}` };
      const asked = request({ host: "127.0.0.1", port, method, path, headers, agent: false });
      asked.on("response", (answer) =>
        answer.resume().on("end", () => done(answer.statusCode ?? 0)),
      );
      asked.on("connect", (answer, socket) => {
        socket.destroy();
        done(answer.statusCode ?? 0);
      });
      asked.on("error", failed);
      asked.end();
    });
  const authOf = (user?: string, password = ""): { readonly auth?: string } =>
    user === undefined ? {} : { auth: `${user}:${password}` };
  const isGone = (): boolean => child.exitCode !== null;
  if (!(await isUp(() => ask({ method: "GET", path: "http://nobody.example/" }), isGone))) {
    child.kill("SIGKILL");
    return undefined;
  }
  return {
    address: `127.0.0.1:${port}`,
    passwordOf: (session) =>
      createHmac("sha256", secret).update(session).digest("hex").slice(0, 32),
    get: (url, user, password) => ask({ method: "GET", path: url, ...authOf(user, password) }),
    connect: (authority, user, password) =>
      ask({ method: "CONNECT", path: authority, ...authOf(user, password) }),
    log: () => readFileSync(at("log/custody.log"), "utf8"),
    async stop() {
      child.kill("SIGTERM");
      await gone;
    },
  };
}

async function isUp(ask: () => Promise<number>, isGone: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < triesMax && !isGone(); tries++) {
    try {
      await ask();
      return true;
    } catch {
      await wait(100);
    }
  }
  return false;
}

/** A tenth of a second each. */
const triesMax = 600;
