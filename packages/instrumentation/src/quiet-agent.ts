import { readFileSync } from "node:fs";
import type { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";

/** Paths of the PEM files that `OTEL_EXPORTER_OTLP_*CERTIFICATE` and `…_KEY` name. */
export interface TlsFiles {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** Agents for the exporter whose sockets never keep the process alive, reused ones included. */
export function quietAgents(tls: TlsFiles): (protocol: string) => Promise<HttpAgent | HttpsAgent> {
  return async (protocol) => {
    if (protocol === "https:") {
      const { Agent } = await import("node:https");
      return quiet(new Agent({ keepAlive: true, ...readTlsFiles(tls) }));
    }
    const { Agent } = await import("node:http");
    return quiet(new Agent({ keepAlive: true }));
  };
}

export function readTlsFiles(tls: TlsFiles): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  const named = Object.entries(tls).filter((entry) => entry[1] !== undefined);
  return Object.fromEntries(named.map(([name, path]) => [name, readFileSync(String(path))]));
}

function quiet<A extends HttpAgent>(agent: A): A {
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (...args: Parameters<typeof create>) => {
    const socket = create(...args);
    unref(socket);
    return socket;
  };
  const reuse = agent.reuseSocket.bind(agent);
  agent.reuseSocket = (...args: Parameters<typeof reuse>) => {
    reuse(...args);
    unref(args[0]);
  };
  return agent;
}

function unref(socket: unknown): void {
  if (typeof socket !== "object" || socket === null || !("unref" in socket)) return;
  if (typeof socket.unref === "function") socket.unref();
}
