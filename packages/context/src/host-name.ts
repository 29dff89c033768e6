import { contextLimits } from "./limits.ts";

/**
 * The host in lower case without a final dot, if the text is one: a DNS name, an IPv4 address, `localhost`, or an IPv6 address in brackets.
 * A single label counts only where `single` says that nothing else can stand there.
 */
export function hostName(text: string, single = false): string | undefined {
  if (text.length === 0 || text.length > contextLimits.hostUnitsMax) return undefined;
  const host = text.toLowerCase().replace(/\.$/, "");
  if (host.startsWith("[")) return /^\[[0-9a-f:.]{2,45}\]$/.test(host) ? host : undefined;
  const labels = host.split(".");
  if (!labels.every(isLabel)) return undefined;
  if (labels.length === 1) return single || host === "localhost" ? host : undefined;
  const last = labels.at(-1) ?? "";
  const isAddress = labels.length === 4 && labels.every((label) => /^[0-9]{1,3}$/.test(label));
  return isAddress || /^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/.test(last) ? host : undefined;
}

function isLabel(label: string): boolean {
  return /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label);
}

const authorityEnd = /[/?#\s"'`<>\\()[\]{},;|]/;

/** The host of the authority that begins at `from`, as RFC 3986 has it: user information before, port after. */
export function authorityHost(text: string, from: number): string | undefined {
  const stop = Math.min(text.length, from + 2 * contextLimits.hostUnitsMax);
  let start = from;
  let at = from;
  for (; at < stop; at++) {
    const unit = text.charAt(at);
    if (unit === "[" && at === start) {
      const close = text.slice(at, at + 64).indexOf("]");
      if (close < 0) return undefined;
      return hostName(text.slice(at, at + close + 1));
    }
    if (unit === "@") start = at + 1;
    else if (authorityEnd.test(unit)) break;
  }
  const [name = ""] = text.slice(start, at).split(":", 1);
  return hostName(name, true);
}

/** Hosts of every `scheme://authority` in a text, in order of appearance. Each place is read at most twice the length of a host name. */
export function urlHosts(text: string, add: (host: string) => void): void {
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
    const scheme = text.charAt(at - 1);
    if (!/[A-Za-z0-9+]/.test(scheme)) continue;
    const host = authorityHost(text, at + 3);
    // file:///x has none.
    if (host !== undefined) add(host);
  }
}
