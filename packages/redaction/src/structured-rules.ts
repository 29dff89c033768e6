import { alphabets, runEnd, startsToken } from "./alphabet.ts";
import type { Match, Rule } from "./rule.ts";
import { readSeparator } from "./value.ts";

/** Secrets known by their shape and not by one run of letters. */
export const structuredRules: readonly Rule[] = [
  {
    id: "jwt",
    description: "JSON Web Token in compact form",
    source: "RFC 7519 section 3; a JSON header in base64url begins with eyJ",
    anchors: ["eyJ"],
    match: jwt,
  },
  {
    id: "private_key",
    description: "PEM or OpenSSH private key, also cut short",
    source: "RFC 7468 section 10 and 11; OpenSSH PROTOCOL.key",
    anchors: ["-----BEGIN "],
    match: privateKey,
  },
  {
    id: "url_password",
    description: "Password (or a lone token) in the user information of a URL; user and host stay",
    source: "RFC 3986 section 3.2.1",
    anchors: ["://"],
    match: urlPassword,
  },
  {
    id: "bearer",
    description: "Credentials of an Authorization header",
    source: "RFC 9110 section 11.6.2, RFC 6750 section 2.1",
    anchors: ["authorization"],
    anyCase: true,
    match: authorization,
  },
  {
    id: "bearer",
    description: "A bearer credential without its header's name",
    source: "RFC 6750 section 2.1",
    anchors: ["bearer "],
    anyCase: true,
    match: bearer,
  },
];

const jwtPartUnitsMin = 8;

/** Only where a token can begin: each run of base64url is read once, so a long run of `eyJ` costs one pass. */
function jwt(text: string, at: number): Match {
  if (!startsToken(text, at)) return undefined;
  const header = runEnd(alphabets.url, text, at);
  if (text[header] !== "." || header - at < jwtPartUnitsMin) return undefined;
  const payload = runEnd(alphabets.url, text, header + 1);
  if (payload - header <= jwtPartUnitsMin) return undefined;
  // The signature may be empty or cut off; a JWE has two parts more.
  let end = payload;
  while (text[end] === ".") end = runEnd(alphabets.url, text, end + 1);
  return { start: at, end };
}

const pemLabel = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const pemUnitsMax = 32_768;
const pemBody = /[A-Za-z0-9+/=\s\\:,-]/;

function privateKey(text: string, at: number): Match {
  pemLabel.lastIndex = at;
  if (!pemLabel.test(text)) return undefined;
  const from = pemLabel.lastIndex;
  const footer = text.slice(from, from + pemUnitsMax).indexOf("-----END ");
  if (footer >= 0) {
    const label = from + footer + 9;
    const close = text.slice(label, label + 64).indexOf("-----");
    if (close >= 0) return { start: at, end: label + close + 5 };
  }
  // Cut short: everything that can still be key.
  let end = from;
  while (end < text.length && pemBody.test(text.charAt(end))) end++;
  return { start: at, end };
}

const userInfoEnd = /[\s/?#"'`<>\\]/;
const loneTokenUnitsMin = 16;

/** The scan stops at the first slash, so text made of `://` is read once. */
function urlPassword(text: string, at: number): Match {
  const from = at + 3;
  let colon = -1;
  let sign = -1;
  for (let i = from; i < text.length && !userInfoEnd.test(text.charAt(i)); i++) {
    const unit = text[i];
    if (unit === "@") sign = i;
    else if (unit === ":" && colon < 0) colon = i;
  }
  if (sign < 0) return undefined;
  if (colon >= 0 && colon < sign) {
    return colon + 1 < sign && text[colon + 1] !== "$"
      ? { start: colon + 1, end: sign }
      : undefined;
  }
  // Without a colon it is a user name, unless it is as long and mixed as a token.
  const run = runEnd(alphabets.url, text, from);
  const digit = /[0-9]/.test(text.slice(from, Math.min(run, from + 64)));
  return run === sign && sign - from >= loneTokenUnitsMin && digit
    ? { start: from, end: sign }
    : undefined;
}

/** Schemes with one credential after them, and schemes with a list of parameters up to the end of the header. */
const schemes: Readonly<Record<string, "one" | "list">> = {
  bearer: "one",
  basic: "one",
  token: "one",
  apikey: "one",
  negotiate: "one",
  digest: "list",
  "aws4-hmac-sha256": "list",
};
const schemeUnitsMax = 24;
const credentialUnitsMin = 6;
const bareCredentialUnitsMin = 16;

function authorization(text: string, at: number, anchor: string): Match {
  const separator = readSeparator(text, at + anchor.length, false);
  if (!separator) return undefined;
  const from = separator.end;
  const schemeEnd = runEnd(alphabets.url, text, from, schemeUnitsMax);
  const scheme = schemes[text.slice(from, schemeEnd).toLowerCase()];
  if (scheme === undefined) return bare(text, from);
  const start = runSpaces(text, schemeEnd);
  const end = scheme === "one" ? runEnd(alphabets.credential, text, start) : headerEnd(text, start);
  return end - start >= credentialUnitsMin ? { start, end } : undefined;
}

function headerEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !"'\\\r\n`".includes(text.charAt(at))) at++;
  return at;
}

function runSpaces(text: string, from: number): number {
  let at = from;
  while (at < from + schemeUnitsMax && text[at] === " ") at++;
  return at;
}

function bearer(text: string, at: number, anchor: string): Match {
  return bare(text, runSpaces(text, at + anchor.length));
}

/** A long run with a digit near its start is a credential; a word of prose is not. */
function bare(text: string, start: number): Match {
  const near = runEnd(alphabets.credential, text, start, 64);
  if (near - start < bareCredentialUnitsMin || !/[0-9]/.test(text.slice(start, near))) {
    return undefined;
  }
  return { start, end: runEnd(alphabets.credential, text, near) };
}
