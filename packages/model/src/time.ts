import { ModelError } from "./errors.ts";

const form = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9})\d*)?(Z|[+-]\d{2}:\d{2})$/;

/** RFC 3339 UTC with exactly nine fraction digits, from nanoseconds since the epoch; undefined for 0 and for years outside 1970 to 9999. */
export function timeFromNanos(nanos: bigint): string | undefined {
  if (nanos <= 0n || nanos > 253_402_300_799_999_999_999n) {
    return undefined;
  }
  const seconds = nanos / 1_000_000_000n;
  const fraction = (nanos % 1_000_000_000n).toString().padStart(9, "0");
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

/** From milliseconds since the epoch. */
export function timeFromMillis(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 23)}000000Z`;
}

/** Parses RFC 3339 with any offset into our form; undefined where it is not a time. */
export function timeFromText(text: string): string | undefined {
  const [, seconds = "", fraction = "", offset = ""] = form.exec(text) ?? [];
  const millis = Date.parse(`${seconds}${offset}`);
  if (Number.isNaN(millis)) return undefined;
  const utc = offset === "Z" ? seconds : new Date(millis).toISOString().slice(0, 19);
  // Digits below the second are the source's own, whatever its offset.
  return `${utc}.${fraction.padEnd(9, "0")}Z`;
}

/** Milliseconds since the epoch of a time in our form. */
export function millisOf(time: string): number {
  const millis = Date.parse(time);
  if (Number.isNaN(millis)) {
    throw new ModelError("TIME_FORMAT", "not an RFC 3339 time");
  }
  return millis;
}

/** Shifts a time by whole milliseconds, keeping its nanoseconds. */
export function shiftMillis(time: string, millis: number): string {
  const moved = new Date(millisOf(time) + millis).toISOString();
  return `${moved.slice(0, 23)}${time.slice(23, 29)}Z`;
}
