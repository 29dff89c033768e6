import { alphabets, isIn, runEnd } from "./alphabet.ts";
import { looksRandom } from "./entropy.ts";
import type { Match, Rule } from "./rule.ts";
import { quotedEnd, readSeparator, unquotedEnd } from "./value.ts";

interface SecretName {
  readonly id: string;
  readonly names: readonly string[];
  /** A person chooses it, so it may be a word: every literal value counts. */
  readonly chosen: boolean;
}

const secretNames: readonly SecretName[] = [
  { id: "password", names: ["password", "passwd", "passphrase", "pwd"], chosen: true },
  {
    id: "aws_secret",
    names: ["secret_access_key", "secretaccesskey", "secret-access-key"],
    chosen: true,
  },
  {
    id: "secret_value",
    names: [
      "api_key",
      "apikey",
      "api-key",
      "access_key",
      "access-key",
      "accesskey",
      "secret_key",
      "secret-key",
      "secretkey",
      "private_key",
      "private-key",
      "privatekey",
      "encryption_key",
      "signing_key",
      "account_key",
      "accountkey",
      "secret",
      "token",
      "credential",
      "credentials",
    ],
    chosen: false,
  },
];

const lengthOrder = (a: string, b: string): number => b.length - a.length;

export const assignmentRules: readonly Rule[] = secretNames.map((kind) => ({
  id: kind.id,
  description: `A value assigned to a name that ends in ${kind.names[0]}, or a generated value assigned to a name that holds it`,
  source: "the names people give to secrets in environments, flags, JSON, YAML and query strings",
  anchors: [...kind.names].sort(lengthOrder),
  anyCase: true,
  match: (text, at, anchor) => matchAssignment(kind, text, at, anchor),
}));

const nameTailUnitsMax = 40;
/** Whether a value counts is decided on this many units, so that a refusal costs little however often it is asked. */
const decisionUnitsMax = 128;

function matchAssignment(kind: SecretName, text: string, at: number, anchor: string): Match {
  const after = at + anchor.length;
  const nameEnd = runEnd(alphabets.dotted, text, after, nameTailUnitsMax);
  const tail = runEnd(alphabets.digit, text, after, nameTailUnitsMax);
  const separator = readSeparator(text, nameEnd, isFlag(text, at));
  if (!separator) return undefined;
  const from = separator.end;
  const near = unquotedEnd(text, from, decisionUnitsMax);
  const end = separator.quote ? quotedEnd(text, from, separator.quote, separator.escapes) : near;
  const value = text.slice(from, Math.min(end, from + decisionUnitsMax));
  // A name that goes on (`token_hash`, `tokens`) is weak: only a generated value counts there.
  const counts =
    tail === nameEnd
      ? !isPlaceholder(anchor, value) &&
        (separator.quote !== undefined || !isCode(text, value, end, separator.loose, kind.chosen))
      : looksRandom(value);
  if (!counts || end === from) return undefined;
  return { start: from, end: separator.quote ? end : unquotedEnd(text, end) };
}

/** `--password hunter2`: after a long flag a blank separates. */
function isFlag(text: string, at: number): boolean {
  let start = at;
  while (start > 0 && at - start < nameTailUnitsMax && isIn(alphabets.url, text, start - 1)) {
    start--;
  }
  return text.startsWith("--", start);
}

const words = new Set([
  "string",
  "str",
  "number",
  "boolean",
  "bool",
  "int",
  "any",
  "unknown",
  "null",
  "none",
  "nil",
  "undefined",
  "true",
  "false",
  "required",
  "optional",
  "redacted",
  "masked",
  "password",
  "token",
  "secret",
  "void",
  "object",
  "never",
]);

/** References, types and marks of redaction hold no secret. */
function isPlaceholder(name: string, value: string): boolean {
  const first = value.charAt(0);
  if ("$%{<*".includes(first) || value.startsWith("[masked:") || value.startsWith("[REDACTED")) {
    return true;
  }
  // PWD is also the working directory.
  if (name.toLowerCase() === "pwd" && ("/~.".includes(first) || /^[A-Za-z]:/.test(value))) {
    return true;
  }
  return words.has(value.toLowerCase());
}

/** Without quotes, `token = next()` and `token: Token` are code: only what people choose counts there, or what holds a digit. */
function isCode(
  text: string,
  value: string,
  end: number,
  loose: boolean,
  chosen: boolean,
): boolean {
  if (text[end] === "(" || text[end] === "[") return true;
  return loose && !chosen && !(value.length >= 8 && /[0-9]/.test(value));
}

const names = secretNames.flatMap((kind) => kind.names.map((name) => ({ id: kind.id, name })));

/** Names repeat: the answer for each is kept, up to a bound that hostile names cannot pass. */
const known = new Map<string, string | undefined>();
const knownNamesMax = 4_096;

/** The rule by which a value is a secret because of the member or attribute it stands in: the name ends in a secret's name. */
export function secretNameRule(name: string): string | undefined {
  const text = name.slice(-64);
  if (known.has(text)) return known.get(text);
  const lower = text.toLowerCase();
  const rule = lower.endsWith("authorization")
    ? "bearer"
    : names.find((entry) => lower.endsWith(entry.name))?.id;
  if (known.size < knownNamesMax) known.set(text, rule);
  return rule;
}
