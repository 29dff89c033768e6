import { type AddressInfo, createServer, connect as dial, type Socket } from "node:net";

/** What a network does to a request: it breaks, or it falls silent while both ends believe that it holds. */
export const wireFaults = [
  "refused",
  "cut in the request",
  "cut before the answer",
  "silent in the request",
  "silent before the answer",
] as const;
export type WireFault = (typeof wireFaults)[number];

/** A wire to a server; the caller closes it. */
interface FaultyWire {
  readonly url: string;
  /** Strikes the next request whose head says this; `after`: bytes of it that still go through, where it strikes in the request. */
  strikeNext(fault: WireFault, saying: string, after: number): void;
  readonly strikes: number;
  close(): Promise<void>;
}

interface Strike {
  readonly fault: WireFault;
  readonly saying: string;
  readonly after: number;
}

/** The last chunk of a chunked body. */
const bodyEnd = "0\r\n\r\n";

export async function createFaultyWire(targetPort: number): Promise<FaultyWire> {
  const sockets = new Set<Socket>();
  let armed: Strike | undefined;
  let strikes = 0;
  const strikeOf = (chunk: Buffer): Strike | undefined => {
    if (armed === undefined || !chunk.includes(armed.saying)) return undefined;
    const strike = armed;
    armed = undefined;
    strikes += 1;
    return strike;
  };
  const server = createServer((client) => {
    const upstream = dial({ host: "127.0.0.1", port: targetPort });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => sockets.delete(socket));
    }
    carry(client, upstream, strikeOf);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    strikeNext(fault, saying, after) {
      armed = { fault, saying, after };
    },
    get strikes() {
      return strikes;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

function carry(
  client: Socket,
  upstream: Socket,
  strikeOf: (chunk: Buffer) => Strike | undefined,
): void {
  let strike: Strike | undefined;
  let left = 0;
  const silent = () => strike?.fault.startsWith("silent") === true;
  // Not destroyed: what is on its way arrives. Behind a silent wire neither end hears that the other has gone.
  client.once("close", () => silent() || upstream.end());
  upstream.once("close", () => silent() || client.end());
  upstream.on("data", (chunk) => {
    if (strike === undefined) client.write(chunk);
  });
  client.on("data", (chunk: Buffer) => {
    if (strike === undefined) {
      strike = strikeOf(chunk);
      left = strike?.after ?? 0;
    }
    switch (strike?.fault) {
      case undefined:
        upstream.write(chunk);
        return;
      case "refused":
        client.destroy();
        upstream.destroy();
        return;
      case "cut in the request":
      case "silent in the request": {
        upstream.write(chunk.subarray(0, left));
        left = Math.max(0, left - chunk.length);
        if (left > 0 || silent()) return;
        client.destroy();
        upstream.end();
        return;
      }
      case "cut before the answer":
        upstream.write(chunk);
        if (chunk.subarray(-bodyEnd.length).toString("latin1") === bodyEnd) client.destroy();
        return;
      case "silent before the answer":
        upstream.write(chunk);
        return;
    }
  });
}
