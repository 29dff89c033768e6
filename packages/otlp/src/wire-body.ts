import { isUtf8 } from "node:buffer";
import { limits, timeFromMillis } from "@custody/model";
import { secondsOf } from "./integer64.ts";
import { OtlpError } from "./malformed.ts";
import { WireCursor } from "./wire-cursor.ts";

/** Below this, a loop over the bytes is faster than a call out of the engine. */
const nativeBytesMin = 48;

/** One protobuf body: its bytes, what has been counted in it, and what its items share. Lives as long as its items. */
export class WireBody {
  readonly cursor: WireCursor;
  /** Texts that are not UTF-8. */
  repaired = 0;
  #values = 0;
  #items = 0;
  #minute = -1;
  #minuteText = "";

  constructor(bytes: Uint8Array) {
    this.cursor = new WireCursor(bytes);
  }

  /** Counts one member of a list: a body of empty ones would otherwise cost many times its size. */
  countValue(): void {
    this.#values += 1;
    if (this.#values > limits.requestValuesMax) {
      const reason = `more than ${limits.requestValuesMax} values in one request`;
      throw new OtlpError("OTLP_LIMIT", reason, `byte ${this.cursor.at}`);
    }
  }

  countItem(): void {
    this.#items += 1;
    if (this.#items > limits.requestItemsMax) {
      const reason = `more than ${limits.requestItemsMax} items in one request`;
      throw new OtlpError("OTLP_LIMIT", reason, `byte ${this.cursor.at}`);
    }
  }

  /** True where the bytes are known to be ASCII. Counts those that are not even UTF-8: they read as U+FFFD (WHATWG decoding), never as an error. */
  checkText(start: number, end: number): boolean {
    const bytes = this.cursor.bytes;
    if (end - start < nativeBytesMin) {
      let seen = 0;
      for (let at = start; at < end; at++) seen |= bytes[at] ?? 0;
      if (seen < 128) return true;
    }
    if (!isUtf8(bytes.subarray(start, end))) this.repaired += 1;
    return false;
  }

  text(start: number, end: number): string {
    return start === end ? "" : this.cursor.bytes.toString("utf8", start, end);
  }

  /** Hex of an id of exactly `length` bytes; undefined where it is empty, all zero or of another length. */
  id(start: number, end: number, length: number): string | undefined {
    if (end - start !== length) return undefined;
    const bytes = this.cursor.bytes;
    for (let at = start; at < end; at++) {
      if (bytes[at] !== 0) return bytes.toString("hex", start, end);
    }
    return undefined;
  }

  /** The time in the eight bytes at `at`; undefined where there is none (-1) or it is 0. Spans of a body share minutes, so their text is kept. */
  time(at: number): string | undefined {
    if (at < 0) return undefined;
    const { cursor } = this;
    cursor.load(at);
    if (cursor.low === 0 && cursor.high === 0) return undefined;
    const [seconds, nanos] = secondsOf(cursor.low, cursor.high);
    const minute = Math.floor(seconds / 60);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#minuteText = timeFromMillis(minute * 60_000).slice(0, 17);
    }
    return `${this.#minuteText}${digits(seconds - minute * 60, 2)}.${digits(nanos, 9)}Z`;
  }
}

function digits(value: number, count: number): string {
  return value.toString().padStart(count, "0");
}
