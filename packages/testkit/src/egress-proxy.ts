import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { asked, type EgressFlow, type EgressLine, egressLine } from "./egress/line.ts";
import { createEgressPolicy, type EgressPolicy, type Upstream } from "./egress/policy.ts";

export interface EgressProxyOptions {
  /** Hosts that may be reached: exact names, or `*.example` for what is below one. */
  readonly allow: readonly string[];
  /** Where a host really is, by `host` or `host:port`: how a test gives a name to a loopback port. */
  readonly map?: Readonly<Record<string, Upstream>>;
  /** The digest that lines state; without one, that of `allow`. */
  readonly policyDigest?: string;
  /** Where lines are appended, one JSON object each. */
  readonly logFile?: string;
  readonly onLine?: (line: EgressLine) => void;
}

export interface EgressProxy {
  /** `http://127.0.0.1:port`; give it a session as the user name with `urlFor`. */
  readonly url: string;
  urlFor(session: string): string;
  readonly policyDigest: string;
  readonly lines: readonly EgressLine[];
  close(): Promise<void>;
}

/**
 * A forward proxy on loopback with an allow-list: absolute-form HTTP and CONNECT. It writes one line
 * per decision, and the session in it is the user name the client was given, not one it states.
 */
export async function createEgressProxy(options: EgressProxyOptions): Promise<EgressProxy> {
  const lines: EgressLine[] = [];
  const policy = createEgressPolicy(options.allow, options.map ?? {});
  const policyDigest = options.policyDigest ?? digestOf(options.allow);
  const write = (flow: EgressFlow): void => {
    const line = egressLine(flow, policyDigest);
    lines.push(line);
    if (options.logFile !== undefined) appendFileSync(options.logFile, `${JSON.stringify(line)}\n`);
    options.onLine?.(line);
  };
  const tunnels = new Set<Socket>();
  const server = createServer((request, response) => forward(request, response, policy, write));
  server.on("connect", (request, client, head) => {
    tunnels.add(client as Socket);
    client.on("close", () => tunnels.delete(client as Socket));
    tunnel(request, client as Socket, head, policy, write);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    urlFor: (session) => `http://${encodeURIComponent(session)}:x@127.0.0.1:${port}`,
    policyDigest,
    lines,
    close: () => {
      for (const socket of tunnels) socket.destroy();
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

type Write = (flow: EgressFlow) => void;

function forward(
  request: IncomingMessage,
  response: ServerResponse,
  policy: EgressPolicy,
  write: Write,
): void {
  if (request.url === undefined || !URL.canParse(request.url)) {
    response.writeHead(400).end("this is a proxy: ask for an absolute URL\n");
    return;
  }
  const url = new URL(request.url);
  const port = url.port === "" ? 80 : Number(url.port);
  const flow = {
    ...asked(request),
    host: url.hostname,
    port,
    protocol: "http",
    method: request.method ?? "GET",
  };
  const verdict = policy.judge(url.hostname, port);
  if (verdict.action === "denied") {
    write({ ...flow, verdict, bytesOut: 0, bytesIn: 0 });
    response.writeHead(403, { "content-type": "text/plain" });
    response.end(`blocked by the egress policy: ${url.hostname} is not on the allow-list\n`);
    return;
  }
  let bytesOut = 0;
  let bytesIn = 0;
  const { "proxy-authorization": _secret, "proxy-connection": _hop, ...headers } = request.headers;
  const upstream = httpRequest(
    { ...verdict.upstream, method: request.method, path: `${url.pathname}${url.search}`, headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on("data", (chunk: Buffer) => {
        bytesIn += chunk.length;
      });
      answer.on("end", () => write({ ...flow, verdict, bytesOut, bytesIn }));
      answer.pipe(response);
    },
  );
  upstream.on("error", (error) => {
    write({ ...flow, verdict, bytesOut, bytesIn, failure: error.message });
    if (!response.headersSent) response.writeHead(502).end();
  });
  request.on("data", (chunk: Buffer) => {
    bytesOut += chunk.length;
  });
  request.pipe(upstream);
}

function tunnel(
  request: IncomingMessage,
  client: Socket,
  head: Buffer,
  policy: EgressPolicy,
  write: Write,
): void {
  const [host = "", portText = "443"] = (request.url ?? "").split(":");
  const port = Number(portText);
  const flow = { ...asked(request), host, port, protocol: "https", method: "CONNECT" };
  const verdict = policy.judge(host, port);
  if (verdict.action === "denied") {
    write({ ...flow, verdict, bytesOut: 0, bytesIn: 0 });
    client.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
    return;
  }
  let failure: string | undefined;
  const upstream = connect(verdict.upstream.port, verdict.upstream.host, () => {
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    upstream.write(head);
    client.pipe(upstream);
    upstream.pipe(client);
  });
  upstream.on("error", (error) => {
    failure = error.message;
    client.end("HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n");
  });
  client.on("error", () => upstream.destroy());
  upstream.on("close", () => {
    const { bytesWritten: bytesOut, bytesRead: bytesIn } = upstream;
    write({ ...flow, verdict, bytesOut, bytesIn, ...(failure === undefined ? {} : { failure }) });
    client.destroy();
  });
}

function digestOf(allow: readonly string[]): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(allow)).digest("hex")}`;
}
