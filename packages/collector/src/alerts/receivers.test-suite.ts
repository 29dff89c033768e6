import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTls } from "node:tls";
import type { TestCertificate } from "./certificate.test-suite.ts";

async function listening(server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return (server.address() as AddressInfo).port;
}

interface HeardPost {
  readonly at: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** How a webhook answers: once it heard all of a request, the `number`th from 0. */
export type Answer = (response: ServerResponse, number: number) => void;

export interface Webhook {
  readonly url: string;
  readonly heard: readonly HeardPost[];
  close(): Promise<void>;
}

/** A webhook on loopback that keeps what it hears, byte by byte. */
export async function openWebhook(answer: Answer): Promise<Webhook> {
  const heard: HeardPost[] = [];
  const server = createHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { headers } = request;
      heard.push({ at: performance.now(), headers, body: Buffer.concat(chunks) });
      answer(response, heard.length - 1);
    });
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}/hook`,
    heard,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

export interface StreamReceiver {
  readonly port: number;
  /** What came on each connection that has ended. */
  readonly streams: readonly string[];
  close(): Promise<void>;
}

/** A syslog receiver on loopback that keeps what each connection brings; with a certificate over TLS. */
export async function openStream(certificate?: TestCertificate): Promise<StreamReceiver> {
  const streams: string[] = [];
  const hear = (socket: Socket): void => {
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => streams.push(Buffer.concat(chunks).toString()));
  };
  const server = certificate === undefined ? createServer(hear) : createTls(certificate, hear);
  server.on("tlsClientError", () => undefined);
  const port = await listening(server);
  return { port, streams, close: () => new Promise((done) => server.close(() => done())) };
}
