/** A set of ASCII characters with constant-time membership. */
export type Alphabet = Uint8Array;

function alphabet(symbols: string): Alphabet {
  const members = new Uint8Array(128);
  for (let i = 0; i < symbols.length; i++) members[symbols.charCodeAt(i)] = 1;
  return members;
}

const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const lower = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";

export const alphabets: Readonly<
  Record<
    | "digit"
    | "letter"
    | "upperDigit"
    | "hex"
    | "alnum"
    | "word"
    | "url"
    | "dotted"
    | "base64"
    | "credential",
    Alphabet
  >
> = {
  digit: alphabet(digits),
  letter: alphabet(upper + lower),
  upperDigit: alphabet(upper + digits),
  hex: alphabet(`${digits}abcdefABCDEF`),
  alnum: alphabet(upper + lower + digits),
  word: alphabet(`${upper}${lower}${digits}_`),
  url: alphabet(`${upper}${lower}${digits}_-`),
  dotted: alphabet(`${upper}${lower}${digits}_-.`),
  base64: alphabet(`${upper}${lower}${digits}+/=_-`),
  credential: alphabet(`${upper}${lower}${digits}+/=_-.~:`),
};

export function isIn(members: Alphabet, text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  // charCodeAt past the end is NaN, and no comparison with NaN holds.
  return code < 128 && members[code] === 1;
}

/** The end of the run of members that starts at `from`, at most `from + unitsMax`. */
export function runEnd(
  members: Alphabet,
  text: string,
  from: number,
  unitsMax: number = Number.MAX_SAFE_INTEGER,
): number {
  const stop = Math.min(text.length, from + unitsMax);
  let at = from;
  while (at < stop && isIn(members, text, at)) at++;
  return at;
}

const escapeLetters = "nrtbf";

/**
 * True where a token can begin: at the start, after a character no token holds, and after an escape: arguments are JSON text,
 * so a line break is the two characters `\n`, and in a URL `=` may be `%3D`.
 */
export function startsToken(text: string, at: number): boolean {
  if (at === 0 || !isIn(alphabets.url, text, at - 1)) return true;
  if (at >= 2 && text[at - 2] === "\\" && escapeLetters.includes(text.charAt(at - 1))) return true;
  return (
    at >= 3 &&
    text[at - 3] === "%" &&
    isIn(alphabets.hex, text, at - 2) &&
    isIn(alphabets.hex, text, at - 1)
  );
}
