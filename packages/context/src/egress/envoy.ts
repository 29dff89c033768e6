import { z } from "zod";
import {
  type EgressReading,
  filledIn,
  invalid,
  optionalCount,
  optionalText,
  type Place,
  placeOf,
  type ReadEgress,
  sessionHeader,
  timeOf,
} from "./reading.ts";

/**
 * Envoy has no JSON keys of its own: an operator names them in `json_format`. These are the names that people give the operators we need,
 * the operator's own spelling first (`%REQ(:AUTHORITY)%` and `%REQUEST_HEADER(:AUTHORITY)%` are read as `authority`).
 */
const keys = {
  time: ["start_time", "timestamp", "time"],
  authority: ["authority", ":authority", "host", "request_authority"],
  sni: ["requested_server_name", "sni"],
  method: ["method", ":method", "request_method"],
  path: ["path", ":path", "request_path", "x_envoy_original_path"],
  code: ["response_code", "status", "code"],
  flags: ["response_flags", "flags"],
  details: ["response_code_details", "code_details"],
  upstream: ["upstream_host", "upstream_remote_address"],
  client: ["downstream_remote_address", "downstream_address", "client"],
  bytesOut: ["bytes_received", "request_bytes"],
  bytesIn: ["bytes_sent", "response_bytes"],
  id: ["x_request_id", "request_id", "stream_id"],
  session: ["x_custody_session", "custody_session"],
  rule: ["route_name", "rbac_policy"],
} as const;

/** Denied by authorisation (RBAC, ext_authz): flags and detail words of Envoy's own answers, never of an upstream's 403. */
const deniedFlags: ReadonlySet<string> = new Set(["UAEX", "RBAC"]);
const deniedDetails = /^(rbac_access_denied|ext_authz_denied|rbac_)/;

export const readEnvoy: ReadEgress = (text) => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return invalid(
      "not JSON; give the access log a `json_format` with start_time, authority, method and response_code",
    );
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(json);
  return parsed.success ? flowOf(byName(parsed.data)) : invalid("not a JSON object");
};

/** Members under plain names: case, dashes, and the operator's brackets aside. */
function byName(line: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(line)
      .slice(0, membersMax)
      .map(([name, value]) => [plain(name), value] as const),
  );
}

const membersMax = 200;

function plain(name: string): string {
  const inner = /^%?(?:REQ|REQUEST_HEADER|RESP|RESPONSE_HEADER)\(([^)]{1,100})\)%?$/i.exec(
    name,
  )?.[1];
  return (inner ?? name).replace(/^%|%$/g, "").replaceAll("-", "_").toLowerCase();
}

function flowOf(line: ReadonlyMap<string, unknown>): EgressReading {
  const text = (names: readonly string[]): string | undefined => {
    for (const name of names) {
      const said = optionalText.safeParse(line.get(name));
      if (said.success && said.data !== undefined) return said.data;
    }
    return undefined;
  };
  const count = (names: readonly string[]): number | undefined =>
    optionalCount.safeParse(text(names)).data;
  const time = text(keys.time);
  const ts = time === undefined ? undefined : timeOf(time);
  if (ts === undefined) return invalid(`no time under ${keys.time.join(", ")}`);
  const method = text(keys.method);
  const authority = text(keys.authority);
  const sni = text(keys.sni);
  const place = placeIn(authority, sni, method);
  // Where a tunnel is asked for, the greeting named the proxy; where nothing else names the host, it is what the greeting names.
  const isOfHost = authority !== undefined && method !== "CONNECT";
  const greeted = isOfHost && sni !== undefined ? placeOf(sni, 443)?.host : undefined;
  if (place === undefined)
    return invalid(`no host under ${keys.authority.join(", ")}, ${keys.sni.join(", ")}`);
  const details = text(keys.details);
  const flags = text(keys.flags);
  const isDenied =
    (flags ?? "").split(",").some((flag) => deniedFlags.has(flag)) ||
    deniedDetails.test(details ?? "");
  const id = text(keys.id);
  const path = text(keys.path);
  const session = text(keys.session);
  return {
    outcome: "flow",
    fact: {
      class: "egress",
      ts,
      ...filledIn({
        attrs: attrsOf(session, greeted),
        key: id === undefined ? undefined : ["envoy", id, ts],
        content: path === undefined || path === "/" ? undefined : { path },
      }),
      body: {
        ...place,
        protocol: method === "CONNECT" ? "https_connect" : method === undefined ? "tcp" : "http",
        action: isDenied ? ("denied" as const) : ("allowed" as const),
        via: "proxy",
        ...filledIn({
          method,
          rule: text(keys.rule),
          reason: details ?? flags,
          bytes_out: count(keys.bytesOut),
          bytes_in: count(keys.bytesIn),
          client: text(keys.client),
        }),
      },
    },
  };
}

/** The name in the TLS greeting, beside the one that was asked for. */
const serverName = "tls.client.server_name";

function attrsOf(
  session: string | undefined,
  greeted: string | undefined,
): Readonly<Record<string, string>> | undefined {
  const attrs = {
    ...(session === undefined ? {} : { [sessionHeader]: session }),
    ...(greeted === undefined ? {} : { [serverName]: greeted }),
  };
  return Object.keys(attrs).length === 0 ? undefined : attrs;
}

function placeIn(
  authority: string | undefined,
  sni: string | undefined,
  method: string | undefined,
): Place | undefined {
  if (authority !== undefined) return placeOf(authority, method === "CONNECT" ? 443 : 80);
  return sni === undefined ? undefined : placeOf(sni, 443);
}
