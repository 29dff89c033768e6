/** How a value follows its name. */
export interface Separator {
  /** Where the value begins. */
  readonly end: number;
  readonly quote?: string;
  /** Backslashes before the opening quote: JSON inside JSON text. */
  readonly escapes: number;
  /** A colon, or blanks around the sign: prose and code look like this too. */
  readonly loose: boolean;
}

const blankUnitsMax = 16;
const escapesMax = 15;
const otlpValue = /,\\*"value\\*":\{\\*"stringValue\\*":/y;

/** Reads `=`, `:`, `:=`, `=>`, an OTLP attribute's `,"value":{"stringValue":` or, after a flag, a blank; each with quotes around. */
export function readSeparator(text: string, from: number, flag: boolean): Separator | undefined {
  const closed = readQuote(text, from);
  let at = skipBlanks(text, closed.end);
  const sign = readSign(text, at);
  if (sign === undefined) {
    if (!flag || at === closed.end) return undefined;
  } else at = sign;
  const blanks = skipBlanks(text, at);
  const open = readQuote(text, blanks);
  return {
    end: open.end,
    ...(open.quote === undefined ? {} : { quote: open.quote }),
    escapes: open.escapes,
    loose: blanks > at || text[at - 1] === ":",
  };
}

function readSign(text: string, at: number): number | undefined {
  const unit = text[at];
  if (unit === "=")
    return text[at + 1] === ">" ? at + 2 : text[at + 1] === "=" ? undefined : at + 1;
  if (unit === ":")
    return text[at + 1] === "=" ? at + 2 : text[at + 1] === ":" ? undefined : at + 1;
  if (unit !== ",") return undefined;
  otlpValue.lastIndex = at;
  return otlpValue.test(text) ? otlpValue.lastIndex : undefined;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < from + blankUnitsMax && (text[at] === " " || text[at] === "\t")) at++;
  return at;
}

function readQuote(
  text: string,
  from: number,
): { readonly end: number; readonly quote?: string; readonly escapes: number } {
  let at = from;
  while (at < from + escapesMax && text[at] === "\\") at++;
  const quote = text[at];
  if (quote === '"' || quote === "'" || quote === "`") {
    return { end: at + 1, quote, escapes: at - from };
  }
  return { end: from, escapes: 0 };
}

const quotedUnitsMax = 4_096;

/**
 * The end of a quoted value: the first equal quote at the same level of escaping (at level 1, `\"` closes and `\\\"` is a quote of the value).
 * Without one within the limit, the value ends as an unquoted one does.
 */
export function quotedEnd(text: string, from: number, quote: string, escapes: number): number {
  const cycle = 2 * (escapes + 1);
  const stop = Math.min(text.length, from + quotedUnitsMax);
  let slashes = 0;
  for (let at = from; at < stop; at++) {
    const unit = text[at];
    if (unit === "\\") {
      slashes++;
      continue;
    }
    if (unit === quote && slashes % cycle === escapes) return at - escapes;
    slashes = 0;
  }
  return unquotedEnd(text, from);
}

const ends = new Set([..." \t\r\n\"'`&;|<>()[]{}"]);
const escaped = new Set([..."nrt\"'"]);

/** The end of a value without quotes: a blank, a quote, a shell operator, an escape; a comma only where a list goes on. */
export function unquotedEnd(
  text: string,
  from: number,
  unitsMax: number = Number.MAX_SAFE_INTEGER,
): number {
  const stop = Math.min(text.length, from + unitsMax);
  let at = from;
  for (; at < stop; at++) {
    const unit = text.charAt(at);
    if (ends.has(unit)) break;
    const next = text.charAt(at + 1);
    if (unit === "\\" && (escaped.has(next) || next === "")) break;
    if (unit === "," && (next === "" || ends.has(next))) break;
  }
  return at;
}
