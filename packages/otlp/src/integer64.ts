/** 64-bit integers out of two unsigned 32-bit halves: a number where it is exact, else decimal text. */
const half = 4_294_967_296;

export function signed64(low: number, high: number): number | string {
  const value = (high | 0) * half + low;
  return Number.isSafeInteger(value) ? value : BigInt.asIntN(64, wide(low, high)).toString();
}

export function unsigned64(low: number, high: number): number | string {
  const value = high * half + low;
  return Number.isSafeInteger(value) ? value : wide(low, high).toString();
}

function wide(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

const perSecond = 1_000_000_000;

/**
 * Divides nanoseconds by 10^9 in limbs of 16 bits: every step stays below 2^46, so doubles are exact and no BigInt is made per span.
 * Answers whole seconds and the nanoseconds that remain.
 */
export function secondsOf(low: number, high: number): readonly [seconds: number, nanos: number] {
  let rest = 0;
  let seconds = 0;
  for (const limb of [high >>> 16, high & 0xffff, low >>> 16, low & 0xffff]) {
    rest = rest * 65_536 + limb;
    const quotient = Math.floor(rest / perSecond);
    rest -= quotient * perSecond;
    seconds = seconds * 65_536 + quotient;
  }
  return [seconds, rest];
}
