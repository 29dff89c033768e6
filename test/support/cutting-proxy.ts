import { type AddressInfo, createServer, connect as dial, type Socket } from "node:net";

/** A wire between an HTTP client and a server, which a test cuts: what the server was told already, it goes on doing. */
export interface CuttingProxy {
  readonly url: string;
  /** Cuts the next request that has a body of unknown length as soon as all of it went through, before any answer came back. */
  cutNext(): void;
  readonly cuts: number;
  close(): Promise<void>;
}

/** The last chunk of a chunked body. */
const bodyEnd = "0\r\n\r\n";

export async function createCuttingProxy(targetPort: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let armed = false;
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = dial({ host: "127.0.0.1", port: targetPort });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => {
        sockets.delete(socket);
        // Not destroyed: what is on its way arrives.
        other.end();
      });
    }
    client.on("data", (chunk: Buffer) => {
      upstream.write(chunk);
      if (!armed || chunk.subarray(-bodyEnd.length).toString("latin1") !== bodyEnd) return;
      armed = false;
      cuts += 1;
      client.destroy();
    });
    upstream.on("data", (chunk) => client.write(chunk));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutNext() {
      armed = true;
    },
    get cuts() {
      return cuts;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
