import { type Fact, timeFromText } from "@custody/model";
import { z } from "zod";
import { hostName } from "../host-name.ts";

/**
 * What one line of a foreign log says: a flow; something else that its source logs too (`name` says what, so that it is counted and not
 * taken for a fault); or nothing that can be read, with a reason its sender can act on.
 */
export type EgressReading =
  | { readonly outcome: "flow"; readonly fact: Fact<"egress"> }
  | { readonly outcome: "other"; readonly name: string }
  | { readonly outcome: "invalid"; readonly reason: string };

/** Reads one line, or one entry, of a source. Never throws for bad input. */
export type ReadEgress = (text: string) => EgressReading;

/**
 * Attribute under which a header that names the session is kept. Whoever sends the request sets its headers, the sandboxed process among
 * them: unlike the user name of a proxy that checks it, a header is no proof of the session.
 */
export const sessionHeader = "proxy.session_header";

const reasonUnitsMax = 300;

export const invalid = (reason: string): EgressReading => ({
  outcome: "invalid",
  reason: reason.slice(0, reasonUnitsMax),
});

export const other = (name: string): EgressReading => ({
  outcome: "other",
  name: name.slice(0, 200),
});

/** A reader of one JSON object a line. The schema is loose: sources add members, and what is not listed says nothing about a flow. */
export function jsonLine<T>(schema: z.ZodType<T>, make: (line: T) => EgressReading): ReadEgress {
  return (text) => {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return invalid("not JSON");
    }
    const parsed = schema.safeParse(json);
    if (parsed.success) return make(parsed.data);
    const [issue] = parsed.error.issues;
    const path = issue?.path.map(String).join(".") ?? "";
    return invalid(`${path === "" ? "" : `${path}: `}${issue?.message ?? "invalid"}`);
  };
}

/** Text that a source may leave empty, or fill with a dash. */
export const optionalText: z.ZodType<string | undefined> = z
  .union([z.string(), z.number().transform(String), z.null()])
  .optional()
  .transform((text) => (text === null || text === "" || text === "-" ? undefined : text));

/** A count that a source may leave out or write as text; what is no count is absent. */
export const optionalCount: z.ZodType<number | undefined> = z
  .union([z.number(), z.string(), z.null()])
  .optional()
  .transform((value) => {
    const count = typeof value === "string" && /^[0-9]{1,15}$/.test(value) ? Number(value) : value;
    return typeof count === "number" && Number.isSafeInteger(count) && count >= 0
      ? count
      : undefined;
  });

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** `host`, `host:port`, `[v6]:port` or a bare IPv6 address, lower case. Undefined where there is no host in it. */
export function placeOf(text: string, defaultPort: number): Place | undefined {
  const bare = (text.match(/:/g) ?? []).length > 1 && !text.startsWith("[");
  const [, name = "", port] = bare ? [undefined, `[${text}]`] : (splitPort.exec(text) ?? []);
  const host = hostName(name, true)?.replace(/^\[|\]$/g, "");
  const number = port === undefined || port === "" ? defaultPort : Number(port);
  return host === undefined || number > 65_535 ? undefined : { host, port: number };
}

const splitPort = /^(\[[0-9A-Fa-f:.]+\]|[^:]*)(?::([0-9]{0,5}))?$/;

const defaultPorts: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  ftp: 21,
};

export interface Target extends Place {
  readonly protocol: string;
  /** Path and query: content. */
  readonly path: string | undefined;
}

/** Where an absolute URL leads. The user information in it is never kept. */
export function targetOf(url: string): Target | undefined {
  const [, scheme, authority = "", path] =
    /^([A-Za-z][A-Za-z0-9+.-]{0,20}):\/\/([^/?#\s]*)(\S*)$/.exec(url) ?? [];
  if (scheme === undefined) return undefined;
  const protocol = scheme.toLowerCase();
  const place = placeOf(
    authority.slice(authority.lastIndexOf("@") + 1),
    defaultPorts[protocol] ?? 0,
  );
  return place && { ...place, protocol, path: path === "" || path === "/" ? undefined : path };
}

/** RFC 3339, or seconds since 1970 with a fraction, in our form. */
export function timeOf(text: string | number): string | undefined {
  if (typeof text === "string" && !/^[0-9]{9,11}(\.[0-9]{1,9})?$/.test(text)) {
    return timeFromText(text);
  }
  const [seconds = "0", fraction = ""] = String(text).split(".");
  const whole = Number(seconds);
  if (!Number.isSafeInteger(whole) || whole < 0 || whole > 253_402_300_799) return undefined;
  const date = new Date(whole * 1000).toISOString().slice(0, 19);
  return `${date}.${fraction.padEnd(9, "0").slice(0, 9)}Z`;
}

/** Members that a source did not fill are absent. */
export function filledIn<T extends object>(
  value: T,
): { readonly [K in keyof T]?: Exclude<T[K], undefined | null> } {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined && member !== null),
  ) as { readonly [K in keyof T]?: Exclude<T[K], undefined | null> };
}
