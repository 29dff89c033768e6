import { type Fact, millisOf, shiftMillis } from "@custody/model";
import {
  type EgressReading,
  filledIn,
  invalid,
  other,
  placeOf,
  type Target,
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
  // Squid writes a user name as it was sent, spaces and all, also one that it refused: with such a name every field behind it is the sender's.
  if (fields.length !== 10) return shape;
  if (time === undefined || elapsedMs === undefined || client === undefined) return shape;
  if (outcome === undefined || bytesIn === undefined || method === undefined) return shape;
  if (url === undefined || peer === undefined) return shape;
  return { time, elapsedMs, client, outcome, bytesIn, method, url, user, peer };
}

const shape = "not a line of the format `squid` (10 fields), nor of `custody/1`";
const names = ["ts", "ms", "client", "outcome", "in", "method", "url", "peer"] as const;

/** What an agent chooses (method, session, URL) is percent-encoded by our format, so that it can hold no field of its own. */
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
    method: decoded(of("method")),
    url: decoded(of("url")),
    peer: of("peer"),
    session: decoded(of("session")),
    id: of("id"),
    error: of("err"),
  };
}

function flowOf(entry: Entry): EgressReading {
  const { method, url, outcome, client } = entry;
  const end = timeOf(entry.time);
  if (end === undefined) return invalid("the time is not seconds since 1970");
  const elapsedMs = count(entry.elapsedMs);
  if (elapsedMs === undefined || elapsedMs > millisOf(end)) {
    return invalid("the duration is not milliseconds");
  }
  const [, word = "", status = ""] = /^([A-Z_]+)\/([0-9]{3})$/.exec(outcome) ?? [];
  if (word === "") return invalid("the outcome is not like TCP_MISS/200");
  // `error:invalid-request` and the like: nothing was asked for.
  if (url.startsWith("error:")) return other(url.slice(0, 60));
  const target = whereTo(method, url);
  if (target === undefined) return invalid("the URL names no host");
  const { path, ...place } = target;
  const isDenied = word.includes("DENIED");
  const isFailed = isDenied || status.startsWith("5");
  const id = filled(entry.id);
  return {
    outcome: "flow",
    fact: {
      class: "egress",
      ts: shiftMillis(end, -elapsedMs),
      end,
      ...filledIn({
        // Squid numbers its transactions anew at every start.
        key: id === undefined ? undefined : ["squid", id, entry.time, client],
        ...whoOf(entry, status),
        content: path === undefined ? undefined : { path },
      }),
      body: {
        ...place,
        action: isDenied ? ("denied" as const) : ("allowed" as const),
        via: "proxy",
        ...filledIn({
          method,
          reason: filled(entry.error) ?? (isFailed ? outcome : undefined),
          bytes_in: count(entry.bytesIn),
          bytes_out: count(entry.bytesOut),
          client,
        }),
      },
    },
  };
}

function whereTo(method: string, url: string): Target | undefined {
  if (method !== "CONNECT") return targetOf(url);
  const place = placeOf(url, 443);
  return place && { ...place, protocol: "https_connect", path: undefined };
}

/** The session of our own format; the user name of another, which may be a person. Neither where the name was refused. */
function whoOf(entry: Entry, status: string): Pick<Fact, "session" | "claimed"> {
  if (status === "407") return {};
  const [session, user] = [filled(entry.session), filled(entry.user)];
  return {
    ...(session === undefined ? {} : { session }),
    ...(user === undefined ? {} : { claimed: { "proxy.user": user } }),
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
