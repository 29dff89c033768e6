import type { Confinement, Flow, Session } from "../world/world.ts";
import { iso } from "./otlp.ts";

/** One line of the log that saw the flow, in that log's own words. */
export function egressLine(session: Session, flow: Flow): string {
  const { watcher } = session.seat;
  if (flow.seen === "beside" || watcher === "ndjson") return ownLine(session, flow);
  return watcher === "squid" ? squidLine(session, flow) : smokescreenLine(session, flow);
}

function ownLine({ seat }: Session, flow: Flow): string {
  return JSON.stringify({
    ts: iso(flow.at),
    id: flow.id,
    host: flow.host,
    port: flow.port,
    protocol: flow.protocol,
    action: flow.action,
    session: flow.session,
    method: flow.method,
    bytes_out: flow.bytesOut,
    bytes_in: flow.bytesIn,
    client: seat.address,
    ...(flow.path === "" ? {} : { path: flow.path }),
  });
}

/** The `custody/1` format of deploy/egress/squid. Squid logs a flow at its end. */
function squidLine({ seat }: Session, flow: Flow): string {
  const isHttp = flow.protocol === "http";
  const url = isHttp
    ? `http://${flow.host}:${flow.port}${flow.path || "/"}`
    : `${flow.host}:${flow.port}`;
  const isDenied = flow.action === "denied";
  return [
    "custody/1",
    `ts=${((flow.at + flow.ms) / 1_000).toFixed(3)}`,
    `ms=${flow.ms}`,
    `client=${seat.address}:${40_000 + (Number.parseInt(flow.id.slice(0, 3), 16) % 9_000)}`,
    `outcome=${isDenied ? "TCP_DENIED/403" : isHttp ? "TCP_MISS/200" : "TCP_TUNNEL/200"}`,
    `in=${flow.bytesIn}`,
    `out=${flow.bytesOut}`,
    `method=${isHttp ? flow.method : "CONNECT"}`,
    `session=${flow.session ?? "-"}`,
    `peer=${isDenied ? "HIER_NONE/-" : "HIER_DIRECT/192.0.2.9"}`,
    `id=${Number.parseInt(flow.id.slice(0, 7), 16)}`,
    `err=${isDenied ? "ERR_ACCESS_DENIED" : "-"}`,
    `url=${encodeURI(url)}`,
  ].join(" ");
}

function smokescreenLine(session: Session, flow: Flow): string {
  return JSON.stringify({
    allow: flow.action === "allowed",
    content_length: flow.bytesIn,
    decision_reason:
      flow.action === "allowed"
        ? "host matched allowed domain in rule"
        : "default rule policy used",
    id: flow.id,
    inbound_remote_addr: `${session.seat.address}:51000`,
    level: "info",
    msg: "CANONICAL-PROXY-DECISION",
    proxy_type: "connect",
    requested_host: `${flow.host}:${flow.port}`,
    role: "agents",
    start_time: iso(flow.at),
    time: iso(flow.at + flow.ms),
    trace_id: session.id,
  });
}

/** What the runtime writes to the sandbox door. */
export function confinementBody(session: Session, { at, is, body }: Confinement): object {
  return is === "attested"
    ? { ts: iso(at), session: session.id, ...body }
    : { ts: iso(at), session: session.id, id: `v-${at}`, ...body };
}
