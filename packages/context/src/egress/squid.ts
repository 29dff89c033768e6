import { shiftMillis } from "@custody/model";
import {
  type EgressReading,
  filledIn,
  invalid,
  other,
  placeOf,
  targetOf,
  timeOf,
} from "./reading.ts";

/**
 * Squid's access log (squid `src/cf.data.pre`, logformat): its native `squid` format, or the `custody/1` format of `deploy/egress/squid`,
 * which also says the session. Times are when an entry was logged, at the end; a flow began its duration before.
 *
 * A user name that was refused (407) is what somebody typed, not who they are: Squid logs it all the same.
 */
export function readSquid(text: string): EgressReading {
  const fields = text.trim().split(/ +/);
  const entry = fields[0] === "custody/1" ? ownEntry(fields) : nativeEntry(fields);
  return typeof entry === "string" ? invalid(entry) : flowOf(entry);
}

interface Entry {
  readonly time: string;
  readonly elapsedMs: string;
  readonly client: string;
  /** `TCP_DENIED/403` */
  readonly outcome: string;
  readonly bytesIn: string;
  readonly bytesOut?: string | undefined;
  readonly method: string;
  readonly url: string;
  readonly peer: string;
  readonly user?: string | undefined;
  readonly session?: string | undefined;
  readonly id?: string | undefined;
  readonly error?: string | undefined;
}

function nativeEntry(fields: readonly string[]): Entry | string {
  const [time, elapsedMs, client, outcome, bytesIn, method, url, user, peer] = fields;
  if (time === undefined || elapsedMs === undefined || client === undefined) return shape;
  if (outcome === undefined || bytesIn === undefined || method === undefined) return shape;
  if (url === undefined || peer === undefined) return shape;
  return { time, elapsedMs, client, outcome, bytesIn, method, url, user, peer };
}

const shape = "not a line of the format `squid` (10 fields), nor of `custody/1`";
const names = ["ts", "ms", "client", "outcome", "in", "method", "url", "peer"] as const;

/** The values are Squid's own, percent-encoded where they hold a space, and none stands twice. */
function ownEntry(fields: readonly string[]): Entry | string {
  const values = new Map<string, string>();
  for (const field of fields.slice(1)) {
    const at = field.indexOf("=");
    const name = field.slice(0, at);
    if (at < 1 || values.has(name))
      return `custody/1: ${name || field} is said twice or has no value`;
    values.set(name, field.slice(at + 1));
  }
  const missing = names.find((name) => !values.has(name));
  if (missing !== undefined) return `custody/1: ${missing} is missing`;
  const of = (name: string): string => values.get(name) ?? "";
  return {
    time: of("ts"),
    elapsedMs: of("ms"),
    client: of("client"),
    outcome: of("outcome"),
    bytesIn: of("in"),
    bytesOut: of("out"),
    method: of("method"),
    url: of("url"),
    peer: of("peer"),
    session: of("session"),
    id: of("id"),
    error: of("err"),
  };
}

function flowOf(entry: Entry): EgressReading {
  const { method, url, outcome, client, elapsedMs } = entry;
  const end = timeOf(entry.time);
  if (end === undefined) return invalid("the first field is not seconds since 1970");
  if (!/^[0-9]{1,12}$/.test(elapsedMs)) return invalid("the duration is not milliseconds");
  const [, word = "", statusText = ""] = /^([A-Z_]+)\/([0-9]{3})$/.exec(outcome) ?? [];
  if (word === "") return invalid("the outcome is not like TCP_MISS/200");
  // `error:invalid-request` and the like: nothing was asked for.
  if (url.startsWith("error:")) return other(url.slice(0, 60));
  const connect = method === "CONNECT" ? placeOf(url, 443) : undefined;
  const target = connect
    ? { ...connect, protocol: "https_connect", path: undefined }
    : targetOf(url);
  if (target === undefined) return invalid("the URL names no host");
  const status = Number(statusText);
  const isDenied = word.includes("DENIED");
  const known = status === 407 ? undefined : filled(entry.session);
  const user = status === 407 ? undefined : filled(entry.user);
  const { host, port, protocol, path } = target;
  return {
    outcome: "flow",
    fact: {
      class: "egress",
      ts: shiftMillis(end, -Number(elapsedMs)),
      end,
      ...filledIn({
        session: known && decoded(known),
        // Squid numbers its transactions anew at every start.
        key: filled(entry.id) && ["squid", entry.id ?? "", entry.time, client],
        claimed: user === undefined ? undefined : { "proxy.user": decoded(user) },
        content: path === undefined ? undefined : { path },
      }),
      body: {
        host,
        port,
        protocol,
        action: isDenied ? ("denied" as const) : ("allowed" as const),
        via: "proxy",
        ...filledIn({
          method,
          reason: filled(entry.error) ?? (isDenied || status >= 500 ? outcome : undefined),
          bytes_in: count(entry.bytesIn),
          bytes_out: count(entry.bytesOut),
          client,
        }),
      },
    },
  };
}

const filled = (text: string | undefined): string | undefined =>
  text === undefined || text === "" || text === "-" ? undefined : text;

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
