import { ModelError } from "./errors.ts";

const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

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
  if (form.test(text)) {
    const dot = text.indexOf(".");
    const fraction = dot < 0 ? "" : text.slice(dot + 1, -1);
    return Number.isNaN(Date.parse(text))
      ? undefined
      : `${text.slice(0, 19)}.${fraction.padEnd(9, "0")}Z`;
  }
  const millis = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(millis) ? undefined : timeFromMillis(millis);
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
