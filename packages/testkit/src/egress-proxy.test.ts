import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEgressProxy, type EgressProxy } from "./egress-proxy.ts";

const seen: string[] = [];
const site = createServer((incoming, response) => {
  seen.push(`${incoming.headers.host} ${incoming.headers["proxy-authorization"] ?? "no secret"}`);
  incoming.resume();
  incoming.on("end", () => response.end("hello"));
});
const folder = mkdtempSync(join(tmpdir(), "custody-proxy-"));
const logFile = join(folder, "egress.ndjson");
let proxy: EgressProxy;

beforeAll(async () => {
  await new Promise<void>((listening) => site.listen(0, "127.0.0.1", listening));
  const upstream = { host: "127.0.0.1", port: (site.address() as AddressInfo).port };
  const map = { "good.example": upstream, "a.wide.example:443": upstream };
  proxy = await createEgressProxy({ allow: ["good.example", "*.wide.example"], map, logFile });
});

afterAll(async () => {
  await proxy.close();
  site.close();
  rmSync(folder, { recursive: true });
});

function fetchThrough(url: string, body = ""): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(proxy.url);
  const user = Buffer.from("session-9:x").toString("base64");
  const headers = { host: new URL(url).host, "proxy-authorization": `Basic ${user}` };
  return new Promise((done, failed) => {
    const outgoing = request({ hostname, port, path: url, method: "POST", headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString("utf8");
      });
      response.on("end", () => done({ status: response.statusCode ?? 0, text }));
    });
    outgoing.on("error", failed);
    outgoing.end(body);
  });
}

function connectThrough(authority: string, say: string): Promise<string> {
  const { hostname, port } = new URL(proxy.url);
  return new Promise((done, failed) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n\r\n`);
    });
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("utf8");
      if (text.endsWith("Established\r\n\r\n")) socket.write(say);
    });
    socket.on("close", () => done(text));
    socket.on("error", failed);
  });
}

test("an allowed host is reached under its own name, and the session's secret stays with the proxy", async () => {
  expect(await fetchThrough("http://good.example/a?b=1", "12345")).toEqual({
    status: 200,
    text: "hello",
  });
  expect(seen.at(-1)).toBe("good.example no secret");
  expect(proxy.lines.at(-1)).toEqual({
    ts: expect.stringMatching(/^\d{4}-.*Z$/),
    session: "session-9",
    host: "good.example",
    port: 80,
    protocol: "http",
    method: "POST",
    action: "allowed",
    rule: "good.example",
    reason: null,
    bytes_out: 5,
    bytes_in: 5,
    policy_digest: proxy.policyDigest,
    client: expect.stringMatching(/^127\.0\.0\.1:[0-9]+$/),
  });
});

test("a host that is not on the list is a 403, and nothing leaves", async () => {
  const before = seen.length;
  expect((await fetchThrough("http://bad.example/")).status).toBe(403);
  expect((await fetchThrough("http://wide.example/")).status).toBe(403);
  expect((await fetchThrough("http://not-good.example/")).status).toBe(403);
  expect(seen.length).toBe(before);
  expect(proxy.lines.at(-1)).toMatchObject({ action: "denied", rule: null, bytes_out: 0 });
});

test("CONNECT opens a tunnel to an allowed host and counts what went through it", async () => {
  const say = "GET / HTTP/1.1\r\nhost: inside\r\nconnection: close\r\n\r\n";
  expect(await connectThrough("a.wide.example:443", say)).toMatch(/200 Connection[\s\S]*hello$/);
  expect(proxy.lines.at(-1)).toMatchObject({
    session: null,
    host: "a.wide.example",
    port: 443,
    protocol: "https",
    method: "CONNECT",
    action: "allowed",
    rule: "*.wide.example",
    bytes_out: say.length,
  });
  expect(await connectThrough("bad.example:443", say)).toMatch(/^HTTP\/1.1 403/);
});

test("the log file holds the same lines", () => {
  const logged = readFileSync(logFile, "utf8").trim().split("\n");
  expect(logged.map((line) => JSON.parse(line))).toEqual(proxy.lines);
});
