import { readFileSync } from "node:fs";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";

/** Paths of the PEM files that `OTEL_EXPORTER_OTLP_*CERTIFICATE` and `…_KEY` name. */
export interface TlsFiles {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** An agent whose sockets never keep the process alive, reused ones included. */
export function createQuietAgent(url: string, tls: TlsFiles): HttpAgent {
  const agent: HttpAgent = createAgent(url, tls);
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (options, connected) => {
    const socket = create(options, connected);
    unref(socket);
    return socket;
  };
  const reuse = agent.reuseSocket.bind(agent);
  agent.reuseSocket = (socket, request) => {
    reuse(socket, request);
    unref(socket);
  };
  return agent;
}

/** An agent for one kind of URL, with the certificates it names. */
export function createAgent(url: string, tls: TlsFiles): HttpAgent {
  if (!url.startsWith("https:")) return new HttpAgent({ keepAlive: true });
  const named = Object.entries(tls).filter((entry) => entry[1] !== undefined);
  const files = named.map(([name, path]) => [name, readFileSync(String(path))] as const);
  return new HttpsAgent({ keepAlive: true, ...Object.fromEntries(files) });
}

function unref(socket: unknown): void {
  if (typeof socket !== "object" || socket === null || !("unref" in socket)) return;
  if (typeof socket.unref === "function") Reflect.apply(socket.unref, socket, []);
}
