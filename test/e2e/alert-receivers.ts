import { createServer as createHttp } from "node:http";
import { type AddressInfo, createServer as createTcp } from "node:net";

interface ReceivedAlert {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A webhook on loopback that fails the first time it is asked. */
export async function webhookReceiver() {
  const received: ReceivedAlert[] = [];
  let asked = 0;
  const server = createHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      asked++;
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(asked === 1 ? 500 : 200).end("ignored");
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, received, close: () => server.close() };
}

/** A syslog receiver over TCP: messages as octet counting frames them. */
export async function syslogReceiver() {
  const messages: string[] = [];
  const server = createTcp((socket) => {
    let bytes = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (;;) {
        const space = bytes.indexOf(" ");
        const length = Number(bytes.subarray(0, Math.max(0, space)).toString());
        if (space < 1 || bytes.length < space + 1 + length) return;
        messages.push(bytes.subarray(space + 1, space + 1 + length).toString());
        bytes = bytes.subarray(space + 1 + length);
      }
    });
    socket.on("error", () => undefined);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return { url: `tcp://127.0.0.1:${port}`, messages, close: () => server.close() };
}
