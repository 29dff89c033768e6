import { Buffer } from "node:buffer";
import { OtlpError } from "./malformed.ts";

/** The wire types that OTLP uses. Groups (3, 4) are refused: nothing in OTLP is one, and they are the one shape without a length. */
export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * Reads protobuf's wire format from borrowed bytes. Every read is bounded by `end`, the end of the enclosing message; nothing is ever
 * allocated by a length that the sender claims.
 */
export class WireCursor {
  readonly bytes: Buffer;
  at = 0;
  /** The last 64-bit value read, as two unsigned halves. */
  low = 0;
  high = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next tag, which is field number * 8 + wire type. */
  tag(end: number): number {
    const at = this.at;
    const first = this.bytes[at] ?? 0;
    if (at < end && first < 128) {
      this.at = at + 1;
      return this.#checkedTag(first, at);
    }
    this.varint(end);
    if (this.high !== 0) throw this.malformed("a field number is out of range", at);
    return this.#checkedTag(this.low, at);
  }

  #checkedTag(tag: number, at: number): number {
    if (tag < 8) throw this.malformed("field number 0 does not exist", at);
    const type = tag & 7;
    if (type > 2 && type !== 5) throw this.malformed(`wire type ${type} is refused`, at);
    return tag;
  }

  /** Reads a length and answers where the field ends; `at` stands at its first byte. */
  stop(end: number): number {
    const at = this.at;
    let length = this.bytes[at] ?? 0;
    if (at < end && length < 128) {
      this.at = at + 1;
    } else {
      this.varint(end);
      length = this.high * 4_294_967_296 + this.low;
    }
    const left = end - this.at;
    if (length > left) {
      throw this.malformed(`a field claims ${length} bytes where ${left} remain`, at);
    }
    return this.at + length;
  }

  /** Reads a varint of at most ten bytes into `low` and `high`. */
  varint(end: number): void {
    const bytes = this.bytes;
    const start = this.at;
    let at = start;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= end) throw this.malformed("a varint ends with its message", start);
      const byte = bytes[at++] ?? 0;
      const bits = byte & 127;
      if (shift < 28) {
        low |= bits << shift;
      } else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else if (shift < 63) {
        high |= bits << (shift - 32);
      } else if (bits > 1) {
        throw this.malformed("a varint exceeds 64 bits", start);
      } else {
        high |= bits << 31;
      }
      if (byte < 128) {
        this.at = at;
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw this.malformed("a varint is longer than ten bytes", start);
  }

  /** Steps over a fixed width and answers where it began. */
  fixed(width: 4 | 8, end: number): number {
    const at = this.at;
    if (at + width > end) {
      throw this.malformed(`${width} bytes wanted where ${end - at} remain`, at);
    }
    this.at = at + width;
    return at;
  }

  /** Reads eight bytes into `low` and `high`. */
  load(at: number): void {
    this.low = this.bytes.readUInt32LE(at);
    this.high = this.bytes.readUInt32LE(at + 4);
  }

  /** Steps over a field of any type that is not known here. */
  skip(tag: number, end: number): void {
    const type = tag & 7;
    if (type === wireTypes.bytes) this.at = this.stop(end);
    else if (type === wireTypes.varint) this.varint(end);
    else this.fixed(type === wireTypes.fixed64 ? 8 : 4, end);
  }

  malformed(reason: string, at: number): OtlpError {
    return new OtlpError("OTLP_WIRE", reason, `byte ${at}`);
  }
}
