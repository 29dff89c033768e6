import { once } from "node:events";
import { type ClientRequest, request } from "node:http";
import type { AddressInfo } from "node:net";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Admission, createAdmission } from "./admission.ts";
import { handleRefusals } from "./refusal-handler.ts";
import { seatRequests } from "./seating.ts";

const megabyte = 1_048_576;

let admission: Admission;
let app: FastifyInstance;
let port: number;

beforeEach(async () => {
  admission = createAdmission();
  app = fastify({ bodyLimit: 32 * megabyte });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  const keys = { find: () => undefined };
  handleRefusals(app, { refused: () => undefined }, { keys });
  seatRequests(app, admission, { keys });
  app.get("/", async () => "well");
  app.post("/", async (posted) => ({ bytes: (posted.body as Buffer).length }));
  await app.listen({ host: "127.0.0.1", port: 0 });
  port = (app.server.address() as AddressInfo).port;
});
afterEach(async () => {
  app.server.closeAllConnections();
  await app.close();
});

function post(headers: Readonly<Record<string, string>> = {}): ClientRequest {
  const sent = request({ host: "127.0.0.1", port, method: "POST", path: "/", headers });
  sent.on("error", () => undefined);
  return sent;
}

async function statusOf(sent: ClientRequest): Promise<[number | undefined, string | undefined]> {
  const [response] = await once(sent, "response");
  response.resume();
  await once(response, "end");
  return [response.statusCode, response.headers["retry-after"]];
}

test("a body is weighed by its length before any of it is read, and weighs nothing when its client has left", async () => {
  const first = post({ "content-length": String(16 * megabyte) });
  first.flushHeaders();
  await expect.poll(() => admission.bytes()).toBe(16 * megabyte);
  first.destroy();
  await expect.poll(() => admission.bytes()).toBe(0);
});

test("a source that announced too much is refused without being read, and is told when to come again", async () => {
  const others = Array.from({ length: 4 }, () => post({ "content-length": `${16 * megabyte}` }));
  for (const each of others) each.flushHeaders();
  await expect.poll(() => admission.bytes()).toBe(64 * megabyte);
  const refused = post({ "content-length": "1000" });
  refused.end(Buffer.alloc(1_000));
  expect(await statusOf(refused)).toEqual([429, "1"]);
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  for (const each of others) each.destroy();
  await expect.poll(() => admission.bytes()).toBe(0);
  const welcome = post();
  welcome.end(Buffer.alloc(1_000));
  expect(await statusOf(welcome)).toEqual([200, undefined]);
});

test("a body under a key that nobody knows is refused before any of it is read, and takes no room from others", async () => {
  const stranger = post({
    "content-length": String(16 * megabyte),
    authorization: "Bearer ck_0123456789abcdef0123456789abcdef",
  });
  const answered = statusOf(stranger);
  stranger.flushHeaders();
  expect(await answered).toEqual([401, undefined]);
  expect(admission.bytes()).toBe(0);
  stranger.destroy();
});

test("a body that does not say how long it is weighs what came of it, and is refused in the middle where that is too much", async () => {
  const chunked = post();
  chunked.write(Buffer.alloc(2 * megabyte));
  await expect.poll(() => admission.bytes()).toBe(2 * megabyte);
  const others = Array.from({ length: 3 }, () => post({ "content-length": `${16 * megabyte}` }));
  for (const each of others) each.flushHeaders();
  await expect.poll(() => admission.bytes()).toBe(50 * megabyte);
  const answered = statusOf(chunked);
  chunked.end(Buffer.alloc(20 * megabyte));
  expect(await answered).toEqual([429, "1"]);
  for (const each of others) each.destroy();
  await expect.poll(() => admission.bytes()).toBe(0);
});
