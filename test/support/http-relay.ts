import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** Holds requests until a test says where they go, passes them on, and remembers how each was answered. */
export interface HttpRelay {
  readonly url: string;
  readonly statuses: readonly number[];
  to(base: string): void;
  close(): Promise<void>;
}

export async function createHttpRelay(): Promise<HttpRelay> {
  const statuses: number[] = [];
  let to: (base: string) => void = () => undefined;
  const pointed = new Promise<string>((resolve) => {
    to = resolve;
  });
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const base = await pointed;
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === "string" &&
      !/^(?:host|connection|content-length|transfer-encoding)$/.test(name)
        ? [[name, value] as [string, string]]
        : [],
    );
    const init = { method: "POST", headers, body };
    // Nobody may be there any more.
    const answer = await fetch(`${base}${request.url}`, init).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer !== undefined) statuses.push(answer.status);
    response.writeHead(answer?.status ?? 502).end();
  };
  const server = createServer((request, response) => void pass(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    statuses,
    to,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
