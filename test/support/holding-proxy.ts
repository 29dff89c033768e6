import {
  createServer,
  request as dial,
  type IncomingMessage,
  type RequestOptions,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** What a server said to a request that was handed over late. */
interface LateAnswer {
  readonly status: number;
  readonly text: string;
}

/** A proxy in front of an HTTP server that takes a request whole, hangs up, and hands it over when the test says so. */
export interface HoldingProxy {
  readonly url: string;
  /** Holds the next request that says this in its address or body. `half`: hands over the first half of its body at once. */
  holdNext(saying: string, how?: "whole" | "half"): void;
  /** How many requests are held. */
  readonly held: number;
  /** Hands over what is held, in order, and says what came of each. */
  release(): Promise<readonly LateAnswer[]>;
  close(): Promise<void>;
}

type Handover = () => Promise<LateAnswer>;

export async function createHoldingProxy(targetPort: number): Promise<HoldingProxy> {
  let armed: { readonly saying: string; readonly how: "whole" | "half" } | undefined;
  const held: Handover[] = [];

  const serve = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of asked as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const hold = armed;
    if (hold === undefined || !says(hold.saying, asked, body)) {
      const { status, text } = await sent(asked, targetPort, body)();
      answer.writeHead(status, { "content-type": "text/plain" }).end(text);
      return;
    }
    armed = undefined;
    const handover = sent(asked, targetPort, body, hold.how === "half" ? body.length >> 1 : 0);
    held.push(handover);
    asked.socket.destroy();
  };
  const server = createServer((asked, answer) => {
    serve(asked, answer).catch(() => answer.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    holdNext(saying, how = "whole") {
      armed = { saying, how };
    },
    get held() {
      return held.length;
    },
    async release() {
      const answers: LateAnswer[] = [];
      // In order: one after the other.
      for (const handover of held.splice(0)) answers.push(await handover());
      return answers;
    },
    close() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

function says(saying: string, asked: IncomingMessage, body: Buffer): boolean {
  const query = new URL(asked.url ?? "/", "http://proxy").searchParams.get("query") ?? "";
  return query.includes(saying) || body.includes(saying);
}

/** Sends the request on: `early` bytes of its body now, the rest when the returned function is called. */
function sent(asked: IncomingMessage, port: number, body: Buffer, early = 0): Handover {
  const { host: _host, connection: _connection, "accept-encoding": _, ...headers } = asked.headers;
  const options: RequestOptions = {
    host: "127.0.0.1",
    port,
    method: asked.method ?? "GET",
    path: asked.url ?? "/",
    headers,
    agent: false,
  };
  const open = () => {
    const out = dial(options);
    const answered = new Promise<LateAnswer>((resolve) => {
      out.once("error", (error) => resolve({ status: 0, text: error.message }));
      out.once("response", (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.once("error", (error) => resolve({ status: 0, text: error.message }));
        answer.once("end", () =>
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }),
        );
      });
    });
    return { out, answered };
  };
  const begun = early > 0 ? open() : undefined;
  begun?.out.write(body.subarray(0, early));
  return () => {
    const { out, answered } = begun ?? open();
    out.end(body.subarray(early));
    return answered;
  };
}
