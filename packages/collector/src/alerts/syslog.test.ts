import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import type { Alert } from "./alert.ts";
import { createCertificate } from "./certificate.test-suite.ts";
import { openStream, type StreamReceiver } from "./receivers.test-suite.ts";
import { deliverSyslog, syslogMessage } from "./syslog.ts";

const alert: Alert = {
  tenant: "acme",
  finding: "f".repeat(32),
  rule: "D-NET-01",
  rule_version: "1",
  title: "Egress to a host that is not allow-listed",
  case: "allowed",
  severity: "critical",
  session: null,
  call: null,
  at: "2026-11-23T07:28:00.123456789Z",
  found_at: "2026-11-23T07:28:01.000000000Z",
  path: "/v1/findings/x",
};
const sent = { witness: "9:abc=", now: "2026-11-23T07:28:02.123456789Z" };

test("a message has the priority of its severity, six digits of a second, and what it is about as data", () => {
  expect(syslogMessage(alert, sent)).toBe(
    `<106>1 2026-11-23T07:28:02.123456Z - custody - finding [finding@32473 id="${alert.finding}" rule="D-NET-01" version="1" case="allowed" severity="critical" tenant="acme" at="2026-11-23T07:28:00.123456789Z" witness="9:abc="] D-NET-01 allowed critical`,
  );
});

test("what an agent called its session ends no value, starts no line and brings no control character", () => {
  const session = 'a"] <0>1 forged\n<0>1 \u0007é\\';
  const message = syslogMessage({ ...alert, session }, sent);
  expect(message).toContain('session="a\\"\\] <0>1 forged?<0>1 ??\\\\"');
  expect(message).toMatch(/^[\x20-\x7e]+$/);
});

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
const open = async (...certificate: Parameters<typeof openStream>): Promise<StreamReceiver> => {
  const receiver = await openStream(...certificate);
  opened.push(receiver);
  return receiver;
};
const target = { name: "siem", minSeverity: "low", kind: "syslog" } as const;
const line = syslogMessage(alert, sent);
const framed = `${line.length} ${line}`;

test("a stream brings the message with its length before it, and is closed behind it", async () => {
  const { port, streams } = await open();
  const to = { ...target, transport: "tcp", host: "127.0.0.1", port } as const;
  expect(await deliverSyslog(to, alert, sent)).toEqual({ outcome: "delivered" });
  await expect.poll(() => streams).toEqual([framed]);
});

test("over TLS the receiver is held against the authority that the operator names", async () => {
  const certificate = createCertificate("localhost");
  const { port, streams } = await open(certificate);
  const to = { ...target, transport: "tls", host: "localhost", port } as const;
  const trusting = { ...to, ca: certificate.cert };
  expect(await deliverSyslog(trusting, alert, sent)).toEqual({ outcome: "delivered" });
  await expect.poll(() => streams).toEqual([framed]);
});

test.each([
  ["nobody vouches for", {}, "DEPTH_ZERO_SELF_SIGNED_CERT"],
  [
    "another authority vouches for",
    { ca: createCertificate("localhost").cert },
    "DEPTH_ZERO_SELF_SIGNED_CERT",
  ],
])("over TLS a receiver that %s is told nothing", async (_, trusted, reason) => {
  const { port, streams } = await open(createCertificate("localhost"));
  const to = { ...target, transport: "tls", host: "localhost", port, ...trusted } as const;
  expect(await deliverSyslog(to, alert, sent)).toEqual({ outcome: "failed", reason });
  expect(streams.join("")).toBe("");
});

test.each(["localhost", "127.0.0.1"])(
  "over TLS a certificate for another name than %s is told nothing",
  async (host) => {
    const certificate = createCertificate("elsewhere.example");
    const { port, streams } = await open(certificate);
    const to = { ...target, transport: "tls", host, port, ca: certificate.cert } as const;
    const reason = "ERR_TLS_CERT_ALTNAME_INVALID";
    expect(await deliverSyslog(to, alert, sent)).toEqual({ outcome: "failed", reason });
    expect(streams.join("")).toBe("");
  },
);

test("a receiver that is not there is a failure with the code of the connection", async () => {
  const receiver = await openStream();
  await receiver.close();
  const to = { ...target, transport: "tcp", host: "127.0.0.1", port: receiver.port } as const;
  expect(await deliverSyslog(to, alert, sent)).toEqual({
    outcome: "failed",
    reason: "ECONNREFUSED",
  });
});

test("a datagram is the message alone, and no longer than every network carries whole", async () => {
  const socket: Socket = createSocket("udp4");
  opened.push({ close: () => socket.close() });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const to = {
    ...target,
    transport: "udp",
    host: "127.0.0.1",
    port: socket.address().port,
  } as const;
  const [short] = await Promise.all([
    once(socket, "message") as Promise<[Buffer]>,
    deliverSyslog(to, alert, sent),
  ]);
  expect(short[0].toString()).toBe(line);
  const quotes = '"'.repeat(300);
  const long = {
    ...alert,
    session: quotes,
    call: quotes,
    case: quotes,
    rule: quotes,
    tenant: quotes,
  };
  const [datagram] = await Promise.all([
    once(socket, "message") as Promise<[Buffer]>,
    deliverSyslog(to, long, sent),
  ]);
  expect(datagram[0].length).toBe(2_048);
});
