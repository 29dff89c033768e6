/**
 * Checks that bytes are the JCS-int form of one object, as `canonicalText` of the model would print it, without building
 * anything: sorted printable ASCII keys, no white space, integers, the shortest escapes, valid UTF-8. A million records
 * pass in seconds where parsing and printing each again would take a minute.
 */
export interface CanonicalScanner {
  scan(bytes: Uint8Array, start: number, end: number): boolean;
  /** Whether a wanted top-level member of the last object that passed is a string with exactly these bytes. */
  says(wanted: number, word: Uint8Array): boolean;
  /** The bytes of a wanted top-level string, without its quotes; empty when absent. */
  copy(wanted: number): Uint8Array;
}

const quote = 0x22;
const backslash = 0x5c;
const depthMax = 64;
const zero = 0x30;
const nine = 0x39;
const minus = 0x2d;
const colon = 0x3a;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const letterU = 0x75;

const literals: readonly Uint8Array[] = ["null", "true", "false"].map((word) =>
  Uint8Array.from(word, (letter) => letter.charCodeAt(0)),
);
/** Escapes of JSON.stringify for characters that have a short one: \" \\ \b \t \n \f \r. */
const shortEscapes = new Set([...'"\\btnfr'].map((letter) => letter.charCodeAt(0)));
/** What a byte inside a string asks for. */
const plainByte = 0;
const closingByte = 1;
const escapeByte = 2;
const sequenceByte = 3;
const refusedByte = 4;
const textBytes = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === quote) return closingByte;
  if (byte === backslash) return escapeByte;
  if (byte >= 0x80) return sequenceByte;
  return byte < 0x20 ? refusedByte : plainByte;
});
/** The same control characters, which therefore must not be written as \u00xx. */
const shortControls = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d]);

export function createCanonicalScanner(wanted: readonly string[]): CanonicalScanner {
  return new Scanner(wanted);
}

/** A cursor over bytes. Every method leaves `at` behind what it took, and answers false where the form ends. */
class Scanner implements CanonicalScanner {
  private readonly wantedKeys: readonly Uint8Array[];
  /** Start and end of each wanted string; a million rows make no objects for it. */
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private end = 0;

  constructor(wanted: readonly string[]) {
    this.wantedKeys = wanted.map((key) => Uint8Array.from(key, (letter) => letter.charCodeAt(0)));
    this.starts = new Int32Array(wanted.length);
    this.ends = new Int32Array(wanted.length);
  }

  scan(bytes: Uint8Array, start: number, end: number): boolean {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.starts.fill(-1);
    return this.peek() === openBrace && this.value(0) && this.at === end;
  }

  says(wanted: number, word: Uint8Array): boolean {
    const start = this.starts[wanted] ?? -1;
    return start >= 0 && isAt(this.bytes, start, this.ends[wanted] ?? -1, word);
  }

  copy(wanted: number): Uint8Array {
    const start = this.starts[wanted] ?? -1;
    return start < 0 ? new Uint8Array(0) : this.bytes.slice(start, this.ends[wanted]);
  }

  private peek(): number {
    return this.at < this.end ? (this.bytes[this.at] ?? -1) : -1;
  }

  private eat(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.at += 1;
    return true;
  }

  private value(depth: number): boolean {
    if (depth > depthMax) return false;
    const byte = this.peek();
    if (byte === quote) return this.text();
    if (byte === openBrace) return this.object(depth);
    if (byte === openBracket) return this.list(depth);
    if (byte === minus || (byte >= zero && byte <= nine)) return this.integer();
    return this.literal();
  }

  private object(depth: number): boolean {
    this.at += 1;
    if (this.eat(closeBrace)) return true;
    let lastStart = -1;
    let lastEnd = -1;
    do {
      const keyStart = this.at + 1;
      if (!this.key()) return false;
      const keyEnd = this.at - 1;
      if (lastStart >= 0 && !isBefore(this.bytes, lastStart, lastEnd, keyStart, keyEnd))
        return false;
      lastStart = keyStart;
      lastEnd = keyEnd;
      if (!this.eat(colon)) return false;
      const valueStart = this.at;
      if (!this.value(depth + 1)) return false;
      if (depth === 0) this.note(keyStart, keyEnd, valueStart);
    } while (this.eat(comma));
    return this.eat(closeBrace);
  }

  private note(keyStart: number, keyEnd: number, valueStart: number): void {
    if (this.bytes[valueStart] !== quote) return;
    for (let i = 0; i < this.wantedKeys.length; i++) {
      const key = this.wantedKeys[i];
      if (key === undefined || !isAt(this.bytes, keyStart, keyEnd, key)) continue;
      this.starts[i] = valueStart + 1;
      this.ends[i] = this.at - 1;
    }
  }

  private list(depth: number): boolean {
    this.at += 1;
    if (this.eat(closeBracket)) return true;
    do {
      if (!this.value(depth + 1)) return false;
    } while (this.eat(comma));
    return this.eat(closeBracket);
  }

  private literal(): boolean {
    for (const word of literals) {
      if (isAt(this.bytes, this.at, Math.min(this.at + word.length, this.end), word)) {
        this.at += word.length;
        return true;
      }
    }
    return false;
  }

  /** No leading zero, no minus zero, no fraction or exponent, at most 2^53 - 1. */
  private integer(): boolean {
    const negative = this.eat(minus);
    const first = this.at;
    let size = 0;
    for (let byte = this.peek(); byte >= zero && byte <= nine; byte = this.peek()) {
      size = size * 10 + (byte - zero);
      this.at += 1;
    }
    const digits = this.at - first;
    if (digits === 0 || digits > 16 || (digits > 1 && this.bytes[first] === zero)) return false;
    return size <= Number.MAX_SAFE_INTEGER && !(negative && size === 0);
  }

  /** Printable ASCII without space, at least one, and not a bare number. */
  private key(): boolean {
    if (!this.eat(quote)) return false;
    const { bytes, end } = this;
    const start = this.at;
    let at = start;
    let digits = 0;
    for (; at < end && bytes[at] !== quote; at++) {
      const byte = bytes[at] ?? 0;
      if (byte < 0x21 || byte > 0x7e) return false;
      if (byte >= zero && byte <= nine) digits += 1;
      if (byte === backslash) {
        at += 1;
        if (at >= end || (bytes[at] !== quote && bytes[at] !== backslash)) return false;
      }
    }
    const length = at - start;
    this.at = at + 1;
    const isNumber = digits === length && (length === 1 || bytes[start] !== zero);
    return at < end && length > 0 && !isNumber;
  }

  private text(): boolean {
    const { bytes, end } = this;
    let at = this.at + 1;
    while (at < end) {
      const kind = textBytes[bytes[at] ?? 0];
      if (kind === plainByte) {
        at += 1;
        continue;
      }
      this.at = at;
      if (kind === closingByte) {
        this.at += 1;
        return true;
      }
      if (kind === refusedByte) return false;
      if (!(kind === escapeByte ? this.escaped() : this.sequence())) return false;
      at = this.at;
    }
    return false;
  }

  private sequence(): boolean {
    const length = sequenceLength(this.bytes, this.at, this.end);
    this.at += length;
    return length > 0;
  }

  private escaped(): boolean {
    const { bytes, at } = this;
    const letter = at + 1 < this.end ? (bytes[at + 1] ?? -1) : -1;
    if (shortEscapes.has(letter)) {
      this.at += 2;
      return true;
    }
    // Left are the control characters without a short form, as \u00xx in lower case.
    const high = (bytes[at + 4] ?? 0) - zero;
    const low = hexValue(bytes[at + 5] ?? 0);
    const zeros = bytes[at + 2] === zero && bytes[at + 3] === zero;
    if (letter !== letterU || at + 6 > this.end || !zeros) return false;
    if ((high !== 0 && high !== 1) || low < 0 || shortControls.has(high * 16 + low)) return false;
    this.at += 6;
    return true;
  }
}

function hexValue(byte: number): number {
  if (byte >= zero && byte <= nine) return byte - zero;
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1;
}

function isAt(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word[i]) return false;
  return true;
}

/** Strictly ascending by what the keys mean: an escaped quote or backslash counts as the one character it stands for. */
function isBefore(
  bytes: Uint8Array,
  aStart: number,
  aEnd: number,
  bStart: number,
  bEnd: number,
): boolean {
  let a = aStart;
  let b = bStart;
  while (a < aEnd && b < bEnd) {
    if (bytes[a] === backslash) a += 1;
    if (bytes[b] === backslash) b += 1;
    const difference = (bytes[a] ?? 0) - (bytes[b] ?? 0);
    if (difference !== 0) return difference < 0;
    a += 1;
    b += 1;
  }
  return a >= aEnd && b < bEnd;
}

/** Bytes of a well-formed UTF-8 sequence of two to four (Unicode table 3-7); 0 for anything else, surrogates included. */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  const tail = (i: number): boolean => at + i < end && ((bytes[at + i] ?? 0) & 0xc0) === 0x80;
  if (lead >= 0xc2 && lead <= 0xdf) return tail(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const low = lead === 0xe0 ? 0xa0 : 0x80;
    const high = lead === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && tail(1) && tail(2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const low = lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xf4 ? 0x8f : 0xbf;
    return second >= low && second <= high && tail(1) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}
