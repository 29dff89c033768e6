import type { Buffer } from "node:buffer";
import { limits } from "@custody/model";
import { OtlpError } from "./malformed.ts";

const code = (character: string): number => character.charCodeAt(0);
const quote = code('"');
const backslash = code("\\");
const comma = code(",");
const colon = code(":");
const openObject = code("{");
const closeObject = code("}");
const openArray = code("[");
const closeArray = code("]");
const zero = code("0");

/** Numbers of at least this many digits may not survive as doubles. */
const exactDigitsMax = 15;

const escapes: ReadonlySet<number> = new Set([...'"\\/bfnrt'].map(code));
const literals: ReadonlyMap<number, string> = new Map(
  ["true", "false", "null"].map((word) => [code(word), word]),
);

/**
 * Reads JSON text once, without building anything, before `JSON.parse` may: nesting and the number of values are bounded, and an error
 * has its byte. Also finds what `JSON.parse` would lose: integers beyond 2^53 and escaped surrogates that stand alone.
 */
export class JsonScan {
  readonly #bytes: Buffer;
  /** Of each open container, whether it is an object. */
  readonly #open = new Uint8Array(limits.jsonDepthMax + 1);
  #depth = 0;
  #at = 0;
  #tokens = 0;
  /** Starts and ends of the integers of sixteen digits and more, in turn. */
  readonly integers: number[] = [];
  /** Offsets of the backslashes of lone surrogates. */
  readonly surrogates: number[] = [];
  /** Texts with at least one lone surrogate. */
  repaired = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Throws where the bytes are not one JSON value, or exceed a limit. */
  run(): void {
    let more = true;
    while (more) {
      this.#value();
      more = this.#afterValue();
    }
    if (this.#peek() >= 0) throw this.#unexpected();
  }

  /** Reads up to the end of a scalar, or to where a container's first value begins, or over empty containers. */
  #value(): void {
    for (;;) {
      const first = this.#peek();
      if (first === openObject || first === openArray) {
        this.#enter(first === openObject);
        const next = this.#peek();
        if (next === (first === openObject ? closeObject : closeArray)) {
          this.#leave();
          return;
        }
        if (first === openObject) this.#key();
        continue;
      }
      this.#scalar(first);
      return;
    }
  }

  #scalar(first: number): void {
    if (first === quote) this.#string();
    else if (first === code("-") || isDigit(first)) this.#number();
    else this.#literal(literals.get(first));
  }

  /** Closes containers and steps over a comma; true where another value follows. */
  #afterValue(): boolean {
    while (this.#depth > 0) {
      const isObject = this.#open[this.#depth] === 1;
      const next = this.#peek();
      if (next === comma) {
        this.#count();
        this.#at += 1;
        if (isObject) this.#key();
        return true;
      }
      if (next !== (isObject ? closeObject : closeArray)) throw this.#unexpected();
      this.#leave();
    }
    return false;
  }

  #enter(isObject: boolean): void {
    this.#count();
    this.#depth += 1;
    if (this.#depth > limits.jsonDepthMax) {
      throw this.#limit(`JSON nests deeper than ${limits.jsonDepthMax}`);
    }
    this.#open[this.#depth] = isObject ? 1 : 0;
    this.#at += 1;
  }

  #leave(): void {
    this.#depth -= 1;
    this.#at += 1;
  }

  #count(): void {
    this.#tokens += 1;
    if (this.#tokens > limits.jsonTokensMax) {
      throw this.#limit(`JSON holds more than ${limits.jsonTokensMax} values`);
    }
  }

  /** The next byte that is no white space, -1 at the end. */
  #peek(): number {
    const bytes = this.#bytes;
    for (;;) {
      const byte = bytes[this.#at] ?? -1;
      if (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9) return byte;
      this.#at += 1;
    }
  }

  #key(): void {
    if (this.#peek() !== quote) throw this.#unexpected();
    this.#string();
    if (this.#peek() !== colon) throw this.#unexpected();
    this.#at += 1;
  }

  #string(): void {
    const bytes = this.#bytes;
    const found = this.surrogates.length;
    let at = this.#at + 1;
    for (;;) {
      const byte = bytes[at] ?? -1;
      if (byte === quote) break;
      if (byte === backslash) {
        this.#at = at;
        this.#escape();
        at = this.#at;
      } else if (byte < 32) {
        this.#at = at;
        throw this.#unexpected();
      } else {
        at += 1;
      }
    }
    this.#at = at + 1;
    if (this.surrogates.length > found) this.repaired += 1;
  }

  #escape(): void {
    const at = this.#at;
    const kind = this.#bytes[at + 1] ?? -1;
    if (escapes.has(kind)) {
      this.#at = at + 2;
      return;
    }
    const unit = this.#unit(at);
    if (unit < 0) {
      this.#at = at + 1;
      throw this.#unexpected();
    }
    this.#at = at + 6;
    if (unit < 0xd800 || unit > 0xdfff) return;
    const next = unit < 0xdc00 ? this.#unit(at + 6) : -1;
    if (next >= 0xdc00 && next <= 0xdfff) this.#at = at + 12;
    else this.surrogates.push(at);
  }

  /** The UTF-16 unit of the escape `\uXXXX` at `at`; -1 where there is none. */
  #unit(at: number): number {
    const bytes = this.#bytes;
    if (bytes[at] !== backslash || bytes[at + 1] !== code("u")) return -1;
    const digits = bytes.toString("latin1", at + 2, at + 6);
    return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
  }

  #number(): void {
    const bytes = this.#bytes;
    const start = this.#at;
    if (bytes[this.#at] === code("-")) this.#at += 1;
    const whole = this.#at;
    this.#digits();
    const count = this.#at - whole;
    if (count > 1 && bytes[whole] === zero) {
      this.#at = whole + 1;
      throw this.#unexpected();
    }
    const end = this.#at;
    if (bytes[this.#at] === code(".")) {
      this.#at += 1;
      this.#digits();
    }
    const exponent = bytes[this.#at] ?? 0;
    if (exponent === code("e") || exponent === code("E")) {
      this.#at += 1;
      const sign = bytes[this.#at] ?? 0;
      if (sign === code("+") || sign === code("-")) this.#at += 1;
      this.#digits();
    }
    if (count > exactDigitsMax && this.#at === end) this.integers.push(start, end);
  }

  #digits(): void {
    const start = this.#at;
    while (isDigit(this.#bytes[this.#at] ?? -1)) this.#at += 1;
    if (this.#at === start) throw this.#unexpected();
  }

  #literal(word: string | undefined): void {
    if (word === undefined) throw this.#unexpected();
    for (const character of word) {
      if (this.#bytes[this.#at] !== code(character)) throw this.#unexpected();
      this.#at += 1;
    }
  }

  #unexpected(): OtlpError {
    const what = this.#at < this.#bytes.length ? "an unexpected character" : "the text ends early";
    return new OtlpError("OTLP_JSON", `not JSON: ${what}`, `byte ${this.#at}`);
  }

  #limit(reason: string): OtlpError {
    return new OtlpError("OTLP_LIMIT", reason, `byte ${this.#at}`);
  }
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= zero + 9;
}
