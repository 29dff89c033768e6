import { createSocket } from "node:dgram";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Alert, AlertTarget, Severity } from "./alert.ts";
import type { Delivery } from "./webhook.ts";

type SyslogTarget = Extract<AlertTarget, { readonly kind: "syslog" }>;

/** How long a receiver may take to accept a connection and the message. */
const timeoutMs = 10_000;
/** A datagram that every network carries whole (RFC 5424, 6.1). */
const datagramBytesMax = 2_048;
/** One parameter's value, in UTF-16 units. */
const valueUnitsMax = 256;

/** Facility 13, log audit (RFC 5424, 6.2.1). */
const facility = 13;
const levels: Readonly<Record<Severity, number>> = { critical: 2, high: 3, medium: 4, low: 5 };
/** 32473 is the number that RFC 5612 keeps for examples: we have none of our own. */
const dataId = "finding@32473";

/** One message of RFC 5424. What a record says stands in escaped parameters alone; no control character leaves here. */
export function syslogMessage(
  alert: Alert,
  { witness, now }: { readonly witness: string | null; readonly now: string },
): string {
  const parameters = {
    id: alert.finding,
    rule: alert.rule,
    version: alert.rule_version,
    case: alert.case,
    severity: alert.severity,
    tenant: alert.tenant,
    session: alert.session ?? "",
    call: alert.call ?? "",
    at: alert.at,
    witness: witness ?? "",
  };
  const data = Object.entries(parameters)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(" ");
  // Six digits of a second are the most that the format has.
  const time = `${now.slice(0, 26)}Z`;
  const text = `${alert.rule} ${alert.case} ${alert.severity}`;
  return `<${facility * 8 + levels[alert.severity]}>1 ${time} - custody - finding [${dataId} ${data}] ${printable(text)}`;
}

function escaped(value: string): string {
  return printable(value).replaceAll(/["\\\]]/g, (found) => `\\${found}`);
}

/** Printable ASCII: receivers differ in what they make of the rest. */
function printable(text: string): string {
  return text.slice(0, valueUnitsMax).replaceAll(/[^\x20-\x7e]/g, "?");
}

/** A datagram, or one message of a stream with its length before it (RFC 6587, 3.4.1). A stream's receiver says no more than that it took the bytes. */
export async function deliverSyslog(
  target: SyslogTarget,
  alert: Alert,
  sent: { readonly witness: string | null; readonly now: string },
): Promise<Delivery> {
  const message = Buffer.from(syslogMessage(alert, sent), "ascii");
  try {
    if (target.transport === "udp") await sendDatagram(target, message);
    else await sendStream(target, Buffer.concat([Buffer.from(`${message.length} `), message]));
    return { outcome: "delivered" };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return { outcome: "failed", reason: typeof code === "string" ? code : "failed" };
  }
}

function sendDatagram({ host, port }: SyslogTarget, message: Buffer): Promise<void> {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  return new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.send(message.subarray(0, datagramBytesMax), port, host, (error) => {
      if (error) reject(error);
      else resolve();
    });
  }).finally(() => socket.close());
}

function sendStream(target: SyslogTarget, framed: Buffer): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const socket = opened(target, () => socket.end(framed));
    socket.setTimeout(timeoutMs, () =>
      socket.destroy(Object.assign(new Error("timeout"), { code: "ETIMEDOUT" })),
    );
    socket.once("error", reject);
    // Both sides have closed: everything sent was taken.
    socket.once("close", (hadError) => {
      if (!hadError) resolve();
    });
    socket.resume();
  });
}

function opened({ host, port, transport, ca }: SyslogTarget, ready: () => void): Socket {
  if (transport === "tcp") return connect({ host, port }, ready);
  // An address is held against the certificate too, but is no name to ask for (RFC 6066, 3).
  const name = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ host, port, ...name, ...(ca === undefined ? {} : { ca }) }, ready);
}
