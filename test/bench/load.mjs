import { Agent, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

const retryMsMin = 50;

/**
 * Posts every body once over `connections` kept-alive connections; a body that is refused for now is sent again when the answer says.
 * The bodies are bytes before the clock starts: this side only writes them.
 *
 * @param {{ readonly url: string, readonly bodies: readonly Buffer[], readonly connections: number, readonly key?: string }} input
 */
export async function send({ url, bodies, connections, key }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = {
    "content-type": "application/x-protobuf",
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  const latenciesMs = [];
  let refused = 0;
  let next = 0;
  const startedAt = Date.now();
  const startedMs = performance.now();
  const deliver = async (body) => {
    for (const since = performance.now(); ; refused++) {
      const { status, retryAfterMs, answer } = await post(url, { agent, headers }, body);
      if (status === 200) {
        latenciesMs.push(performance.now() - since);
        return;
      }
      if (status !== 429 && status !== 503) throw new Error(`answered ${status}: ${answer}`);
      await wait(retryAfterMs);
    }
  };
  const worker = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await deliver(body);
  };
  try {
    await Promise.all(Array.from({ length: connections }, worker));
  } finally {
    agent.destroy();
  }
  return { startedAt, tookMs: performance.now() - startedMs, latenciesMs, refused };
}

/** @param {string} url @param {object} options @param {Buffer} body */
function post(url, options, body) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", ...options }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.once("error", reject);
      response.once("end", () =>
        resolve({
          status: response.statusCode,
          retryAfterMs: Math.max(retryMsMin, Number(response.headers["retry-after"] ?? 0) * 1_000),
          answer: Buffer.concat(parts).toString("latin1").slice(0, 200),
        }),
      );
    });
    sent.once("error", reject);
    sent.setHeader("content-length", body.length);
    sent.end(body);
  });
}
