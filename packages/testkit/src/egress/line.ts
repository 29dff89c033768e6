import type { IncomingMessage } from "node:http";
import type { EgressVerdict } from "./policy.ts";

/** One line of the proxy's log: one decision on one flow. */
export interface EgressLine {
  readonly ts: string;
  readonly session: string | null;
  readonly host: string;
  readonly port: number;
  readonly protocol: string;
  readonly method: string;
  readonly action: "allowed" | "denied";
  readonly rule: string | null;
  readonly reason: string | null;
  readonly bytes_out: number;
  readonly bytes_in: number;
  readonly policy_digest: string;
  readonly client: string;
}

export interface EgressFlow {
  readonly request: IncomingMessage;
  /** When it was asked for: a flow begins there, however long it lasts. */
  readonly at: Date;
  readonly host: string;
  readonly port: number;
  readonly protocol: string;
  readonly method: string;
  /** `address:port`, as it was when the request came. */
  readonly client: string;
  readonly verdict: EgressVerdict;
  readonly bytesOut: number;
  readonly bytesIn: number;
  /** An allowed flow that did not come about. */
  readonly failure?: string;
}

export function egressLine(flow: EgressFlow, policyDigest: string): EgressLine {
  const { verdict } = flow;
  return {
    ts: flow.at.toISOString(),
    session: sessionOf(flow.request.headers["proxy-authorization"]),
    host: flow.host,
    port: flow.port,
    protocol: flow.protocol,
    method: flow.method,
    action: verdict.action,
    rule: verdict.rule,
    reason: verdict.action === "denied" ? verdict.reason : (flow.failure ?? null),
    bytes_out: flow.bytesOut,
    bytes_in: flow.bytesIn,
    policy_digest: policyDigest,
    client: flow.client,
  };
}

/** What is known of a request before anything is decided. */
export function asked(request: IncomingMessage): Pick<EgressFlow, "request" | "at" | "client"> {
  const { remoteAddress = "unknown", remotePort } = request.socket;
  const client = remotePort === undefined ? remoteAddress : `${remoteAddress}:${remotePort}`;
  return { request, at: new Date(), client };
}

/** `Proxy-Authorization: Basic <session>:x`. */
function sessionOf(header: string | undefined): string | null {
  const encoded = /^Basic (\S+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return null;
  const user = Buffer.from(encoded, "base64").toString("utf8").split(":")[0] ?? "";
  return user === "" ? null : user;
}
